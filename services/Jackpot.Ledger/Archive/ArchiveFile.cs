using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Npgsql;

namespace Jackpot.Ledger.Archive;

/// <summary>
/// A day's contributions as a file that anybody can read in a decade: CSV as PostgreSQL writes it, a line of column names first, in order of
/// jackpot and sequence, gzip around it. Its SHA-256 is kept in the tables.
/// </summary>
internal static class ArchiveFile
{
    const int BufferBytes = 128 * 1024;
    const int ColumnsLineMax = 64 * 1024;

    // What a value looks like must not depend on how a session is set up.
    const string PlainValues = "SET SESSION timezone = 'UTC'; SET SESSION datestyle = 'ISO, YMD'; SET SESSION bytea_output = 'hex'";

    public static string NameOf(DateOnly day) => $"contribution-{day:yyyyMMdd}.csv.gz";

    public static string TableOf(DateOnly day) => $"contribution_{day:yyyyMMdd}";

    /// <summary>Writes the file beside its final name and returns its SHA-256; <see cref="Publish"/> gives it the name.</summary>
    public static async Task<byte[]> WriteAsync(NpgsqlConnection connection, DateOnly day, string path, CancellationToken ct)
    {
        using var rows = await OpenTableAsync(connection, day, ct);
        await using var file = new FileStream(PartialOf(path), FileMode.Create, FileAccess.ReadWrite, FileShare.None, BufferBytes);
        await using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
        {
            await rows.BaseStream.CopyToAsync(gzip, BufferBytes, ct);
        }

        file.Flush(flushToDisk: true);
        file.Position = 0;
        return await SHA256.HashDataAsync(file, ct);
    }

    /// <summary>Gives a written file its name, so that it survives a power cut too.</summary>
    public static void Publish(string path)
    {
        File.Move(PartialOf(path), path, overwrite: true);
        var folder = Native.open(Path.GetDirectoryName(path)!, Native.ReadOnly);
        if (folder < 0 || Native.fsync(folder) != 0)
        {
            throw new IOException($"The folder of {path} could not be flushed (errno {Marshal.GetLastPInvokeError()}).");
        }

        _ = Native.close(folder);
    }

    /// <summary>What is wrong with the file, or null when it is there and has this SHA-256.</summary>
    public static async Task<string?> FaultAsync(string path, byte[] sha256, CancellationToken ct)
    {
        try
        {
            await using var file = File.OpenRead(path);
            var seen = await SHA256.HashDataAsync(file, ct);
            return seen.AsSpan().SequenceEqual(sha256)
                ? null
                : $"{Path.GetFileName(path)} has SHA-256 {Convert.ToHexStringLower(seen)} instead of {Convert.ToHexStringLower(sha256)}; bring back a sound copy";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"{Path.GetFileName(path)} is not in the archive; bring it back";
        }
    }

    /// <summary>Whether the file says, byte by byte, what the table says now.</summary>
    public static async Task<bool> EqualsTableAsync(NpgsqlConnection connection, DateOnly day, string path, CancellationToken ct)
    {
        using var rows = await OpenTableAsync(connection, day, ct);
        await using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        var (expected, seen) = (new byte[BufferBytes], new byte[BufferBytes]);
        while (true)
        {
            var length = await rows.BaseStream.ReadAtLeastAsync(expected, expected.Length, throwOnEndOfStream: false, ct);
            var found = await gzip.ReadAtLeastAsync(seen, length == 0 ? 1 : length, throwOnEndOfStream: false, ct);
            if (found != length || !expected.AsSpan(0, length).SequenceEqual(seen.AsSpan(0, found)))
            {
                // The rest of the table must be read before the connection can be used again.
                await rows.BaseStream.CopyToAsync(Stream.Null, BufferBytes, ct);
                return false;
            }

            if (length == 0)
            {
                return true;
            }
        }
    }

    /// <summary>Reads the rows into an empty table. Columns are named by the file, so the table may have got more since; each must have a default.</summary>
    public static async Task RestoreAsync(NpgsqlConnection connection, string table, string path, CancellationToken ct)
    {
        await using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        var columns = await ReadLineAsync(gzip, ct);
        await SetPlainValuesAsync(connection, ct);
        await using var rows = (StreamWriter)await connection.BeginTextImportAsync($"COPY {table} ({columns}) FROM STDIN (FORMAT csv)", ct);
        await gzip.CopyToAsync(rows.BaseStream, BufferBytes, ct);
    }

    /// <summary>Its base stream gives the bytes as they come; the driver offers raw streams of the binary format only.</summary>
    static async Task<StreamReader> OpenTableAsync(NpgsqlConnection connection, DateOnly day, CancellationToken ct)
    {
        await SetPlainValuesAsync(connection, ct);
        return (StreamReader)await connection.BeginTextExportAsync(
            $"COPY (SELECT * FROM {TableOf(day)} ORDER BY jackpot, sequence) TO STDOUT (FORMAT csv, HEADER)", ct);
    }

    static async Task SetPlainValuesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(PlainValues, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task<string> ReadLineAsync(Stream stream, CancellationToken ct)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, ct) == 1 && one[0] != '\n')
        {
            line.Add(one[0]);
            if (line.Count > ColumnsLineMax)
            {
                throw new InvalidDataException($"The first line of the archive is longer than {ColumnsLineMax} bytes; it must name the columns.");
            }
        }

        return System.Text.Encoding.UTF8.GetString([.. line]);
    }

    static string PartialOf(string path) => path + ".partial";

    static class Native
    {
        public const int ReadOnly = 0;

        [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
        public static extern int open(string path, int flags);

        [DllImport("libc", SetLastError = true)]
        public static extern int fsync(int file);

        [DllImport("libc", SetLastError = true)]
        public static extern int close(int file);
    }
}
