using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Npgsql;

namespace Jackpot.Shard.Reports;

/// <summary>Every version of every report, with its hash (R54, GLI-19 B.2.7). It stays in the shard's own database, as the players in it do.</summary>
internal sealed class ReportStore(NpgsqlDataSource database)
{
    /// <summary>How long a version is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(5 * 366);

    /// <summary>And how many at most: the oldest go first.</summary>
    public const int VersionsMax = 100_000;

    /// <summary>Most versions that one list tells of.</summary>
    public const int ListMax = 200;

    public async Task<KeptReport> KeepAsync(string name, string parameters, string format, DateTimeOffset generatedAt, byte[] content, CancellationToken ct)
    {
        var hash = SHA256.HashData(content);
        await using var command = database.CreateCommand("""
            WITH old AS (DELETE FROM report WHERE generated_at < $7 OR id <= (SELECT max(id) FROM report) - $8)
            INSERT INTO report (name, params, format, generated_at, sha256, bytes, content) VALUES ($1, $2, $3, $4, $5, $6, $9) RETURNING id
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameters });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = format });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = generatedAt.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = hash });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = content.Length });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (generatedAt - KeptFor).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = VersionsMax });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Zipped(content) });
        var id = (long)(await command.ExecuteScalarAsync(ct))!;
        return new KeptReport(id, name, parameters, format, generatedAt, Convert.ToHexStringLower(hash), content.Length);
    }

    /// <summary>The newest versions, of one report or of all.</summary>
    public async Task<List<KeptReport>> ListAsync(string? name, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT id, name, params, format, generated_at, sha256, bytes FROM report WHERE $1 IS NULL OR name = $1 ORDER BY id DESC LIMIT {ListMax}");
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)name ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(ct);
        var kept = new List<KeptReport>();
        while (await row.ReadAsync(ct))
        {
            kept.Add(Read(row));
        }

        return kept;
    }

    /// <summary>One version, byte for byte as it was answered.</summary>
    public async Task<(KeptReport Report, byte[] Content)?> FindAsync(long id, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT id, name, params, format, generated_at, sha256, bytes, content FROM report WHERE id = $1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (Read(row), Unzipped(row.GetFieldValue<byte[]>(7))) : null;
    }

    static KeptReport Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4),
        Convert.ToHexStringLower(row.GetFieldValue<byte[]>(5)), row.GetInt32(6));

    static byte[] Zipped(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            zip.Write(content);
        }

        return zipped.ToArray();
    }

    static byte[] Unzipped(byte[] content)
    {
        using var plain = new MemoryStream();
        using var zip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        zip.CopyTo(plain);
        return plain.ToArray();
    }
}

/// <summary>A version of a report. The hash is of the bytes that were answered.</summary>
internal sealed record KeptReport(long Id, string Name, string Params, string Format, DateTimeOffset GeneratedAt, string Sha256, int Bytes);

/// <summary>The reports there are, and the versions that were made of them, newest first.</summary>
internal sealed record ReportList(IReadOnlyList<string> Reports, IReadOnlyList<KeptReport> Versions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReportList))]
internal sealed partial class ReportJson : JsonSerializerContext;
