using System.ComponentModel.DataAnnotations.Schema;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
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
        await using var rows = ShardRows.Of(database);
        var oldest = generatedAt - KeptFor;
        await rows.Set<ReportRow>().Where(row => row.GeneratedAt < oldest || row.Id <= rows.Set<ReportRow>().Max(newest => newest.Id) - VersionsMax)
            .ExecuteDeleteAsync(ct);
        var report = new ReportRow(0, name, parameters, format, generatedAt, SHA256.HashData(content), content.Length, Zipped(content));
        rows.Add(report);
        await rows.SaveChangesAsync(ct);
        return KeptOf(report);
    }

    /// <summary>The newest versions, of one report or of all.</summary>
    public async Task<List<KeptReport>> ListAsync(string? name, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        return await rows.Set<ReportRow>().Where(row => name == null || row.Name == name).OrderByDescending(row => row.Id).Take(ListMax)
            .Select(row => new KeptReport(row.Id, row.Name, row.Params, row.Format, row.GeneratedAt, Convert.ToHexStringLower(row.Sha256), row.Bytes))
            .ToListAsync(ct);
    }

    /// <summary>One version, byte for byte as it was answered.</summary>
    public async Task<(KeptReport Report, byte[] Content)?> FindAsync(long id, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        return await rows.Set<ReportRow>().SingleOrDefaultAsync(row => row.Id == id, ct) is { } found ? (KeptOf(found), Unzipped(found.Content)) : null;
    }

    static KeptReport KeptOf(ReportRow row) =>
        new(row.Id, row.Name, row.Params, row.Format, row.GeneratedAt, Convert.ToHexStringLower(row.Sha256), row.Bytes);

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

/// <summary>A version with its zipped content.</summary>
[Table("report")]
internal sealed record ReportRow(long Id, string Name, string Params, string Format, DateTimeOffset GeneratedAt, byte[] Sha256, int Bytes, byte[] Content);

/// <summary>A version of a report. The hash is of the bytes that were answered.</summary>
internal sealed record KeptReport(long Id, string Name, string Params, string Format, DateTimeOffset GeneratedAt, string Sha256, int Bytes);

/// <summary>The reports there are, and the versions that were made of them, newest first.</summary>
internal sealed record ReportList(IReadOnlyList<string> Reports, IReadOnlyList<KeptReport> Versions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReportList))]
internal sealed partial class ReportJson : JsonSerializerContext;
