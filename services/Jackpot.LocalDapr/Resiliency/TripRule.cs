using System.Globalization;

namespace Jackpot.LocalDapr.Resiliency;

/// <summary>The trip expression of a circuit breaker: comparisons such as <c>consecutiveFailures &gt; 8</c>, joined by <c>&amp;&amp;</c> or by <c>||</c>.</summary>
sealed class TripRule
{
    static readonly Dictionary<string, Func<CircuitCounts, int>> Counts = new()
    {
        ["requests"] = counts => counts.Requests,
        ["totalSuccesses"] = counts => counts.TotalSuccesses,
        ["totalFailures"] = counts => counts.TotalFailures,
        ["consecutiveSuccesses"] = counts => counts.ConsecutiveSuccesses,
        ["consecutiveFailures"] = counts => counts.ConsecutiveFailures,
    };

    readonly List<List<Func<CircuitCounts, bool>>> _anyOfAll = [];

    /// <summary>What holds when a circuit breaker names no rule.</summary>
    public static TripRule Default { get; } = Parse("consecutiveFailures > 5")!;

    public static TripRule? Parse(string text)
    {
        var rule = new TripRule();
        foreach (var part in text.Split("||"))
        {
            var all = part.Split("&&").Select(Comparison).ToList();
            if (all.Any(comparison => comparison is null))
            {
                return null;
            }
            rule._anyOfAll.Add(all!);
        }
        return rule;
    }

    public bool Holds(CircuitCounts counts) => _anyOfAll.Any(all => all.TrueForAll(comparison => comparison(counts)));

    static Func<CircuitCounts, bool>? Comparison(string text)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is not [var name, var relation, var number]
            || !int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bound)
            || !Counts.TryGetValue(name, out var count))
        {
            return null;
        }
        return relation switch
        {
            ">" => counts => count(counts) > bound,
            ">=" => counts => count(counts) >= bound,
            "<" => counts => count(counts) < bound,
            "<=" => counts => count(counts) <= bound,
            "==" => counts => count(counts) == bound,
            "!=" => counts => count(counts) != bound,
            _ => null,
        };
    }
}
