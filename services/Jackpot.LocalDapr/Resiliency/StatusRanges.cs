using System.Globalization;

namespace Jackpot.LocalDapr.Resiliency;

/// <summary>Statuses as a resiliency file lists them: <c>429,500-599</c>.</summary>
sealed class StatusRanges
{
    readonly List<(int From, int To)> _ranges = [];

    public static bool TryParse(string text, out StatusRanges ranges)
    {
        ranges = new StatusRanges();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-', 2);
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var to) || to < from)
            {
                return false;
            }
            ranges._ranges.Add((from, to));
        }
        return ranges._ranges.Count > 0;
    }

    public bool Contains(int status) => _ranges.Any(range => status >= range.From && status <= range.To);
}
