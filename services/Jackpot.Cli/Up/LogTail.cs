namespace Jackpot.Cli.Up;

/// <summary>The line of a log that most likely says why a process ended.</summary>
static class LogTail
{
    const int BytesRead = 16 * 1024;
    const int LinesShown = 3;

    internal static string Of(string file)
    {
        if (!File.Exists(file))
        {
            return "it left no log";
        }
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(-Math.Min(BytesRead, stream.Length), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Where(line => line.Trim() is { Length: > 0 } text && !text.StartsWith("at ", StringComparison.Ordinal)).ToList();
        var unhandled = lines.FindLastIndex(line => line.StartsWith("Unhandled exception", StringComparison.Ordinal));
        return string.Join(' ', (unhandled >= 0 ? lines[unhandled..] : lines.TakeLast(LinesShown)).Take(LinesShown).Select(line => line.Trim()));
    }
}
