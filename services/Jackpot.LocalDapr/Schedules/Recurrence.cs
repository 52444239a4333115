using Jackpot.LocalDapr.Timing;

namespace Jackpot.LocalDapr.Schedules;

/// <summary>Reads the text of a recurrence: <c>@every 1m</c>, <c>@daily</c> and its like, or a cron line of six fields, seconds first.</summary>
static class Recurrence
{
    static readonly Dictionary<string, string> Named = new()
    {
        ["@yearly"] = "0 0 0 1 1 *",
        ["@annually"] = "0 0 0 1 1 *",
        ["@monthly"] = "0 0 0 1 * *",
        ["@weekly"] = "0 0 0 * * 0",
        ["@daily"] = "0 0 0 * * *",
        ["@midnight"] = "0 0 0 * * *",
        ["@hourly"] = "0 0 * * * *",
    };

    /// <exception cref="FormatException">The text is none of these.</exception>
    public static IRecurrence Parse(string text)
    {
        if (text.StartsWith(Every.Prefix, StringComparison.Ordinal))
        {
            return GoDuration.TryParse(text.AsSpan(Every.Prefix.Length).Trim(), out var period) && period > TimeSpan.Zero
                ? new Every(period, text)
                : throw new FormatException($"failed to parse duration of schedule '{text}'");
        }
        return CronLine.Parse(text, Named.GetValueOrDefault(text, text));
    }
}
