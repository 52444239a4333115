using System.Globalization;
using System.Text.RegularExpressions;

namespace Jackpot.LocalDapr.Timing;

/// <summary>ISO 8601 durations with optional repetitions: <c>PT5S</c>, <c>R3/PT1H30M</c>. Years, months, weeks and days are not supported, as in Dapr.</summary>
static partial class Iso8601Duration
{
    /// <param name="text">The text.</param>
    /// <param name="duration">One interval.</param>
    /// <param name="repetitions">Null when the text names none.</param>
    public static bool TryParse(string text, out TimeSpan duration, out int? repetitions)
    {
        duration = TimeSpan.Zero;
        repetitions = null;
        if (Pattern().Match(text) is not { Success: true } match || match.Length < 3)
        {
            return false;
        }
        if (match.Groups["r"].Success)
        {
            repetitions = int.Parse(match.Groups["r"].Value, CultureInfo.InvariantCulture);
        }
        duration = TimeSpan.FromHours(Number(match, "h")) + TimeSpan.FromMinutes(Number(match, "m")) + TimeSpan.FromSeconds(Number(match, "s"));
        return match.Groups["h"].Success || match.Groups["m"].Success || match.Groups["s"].Success;
    }

    static double Number(Match match, string group) =>
        match.Groups[group].Success ? double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(R(?<r>\d{1,9})/)?PT(?:(?<h>\d{1,9})H)?(?:(?<m>\d{1,9})M)?(?:(?<s>\d{1,9}(?:\.\d{1,7})?)S)?$")]
    private static partial Regex Pattern();
}
