using System.Text;
using Jackpot.Core.Amounts;

namespace Jackpot.Regulator.Reports;

/// <summary>What is asked for. Null filters ask for everything.</summary>
internal sealed record ReportRequest(ReportInterval Interval, string? Tenant, string? Jackpot, string? Player, long ThresholdMicros, string? After, bool AsCsv)
{
    static readonly HashSet<string> Known = new(StringComparer.Ordinal) { "from", "to", "interval", "tenant", "jackpot", "player", "threshold", "after", "format" };

    /// <summary>Null, with the fault, when the query cannot be read.</summary>
    public static (ReportRequest? Request, string? Fault) Parse(ILookup<string, string?> query, string intervalDefault, DateOnly today)
    {
        if (query.Select(parameter => parameter.Key).FirstOrDefault(key => !Known.Contains(key)) is { } unknown)
        {
            return (null, $"there is no parameter '{unknown}'; known are {string.Join(", ", Known.Order())}");
        }

        var name = One("interval") ?? (One("from") is null ? intervalDefault : null);
        var (interval, fault) = ReportInterval.Parse(name, One("from"), One("to"), today);
        var threshold = 0L;
        if (interval is null)
        {
            return (null, fault);
        }

        if (One("threshold") is { } text && AmountText.TryParse(Encoding.UTF8.GetBytes(text), out threshold) != AmountParse.Ok)
        {
            return (null, "'threshold' is an amount such as 1000.00");
        }

        return One("format") is null or "json" or "csv"
            ? (new ReportRequest(interval, One("tenant"), One("jackpot"), One("player"), threshold, One("after"), One("format") == "csv"), null)
            : (null, "'format' must be json or csv");

        string? One(string key) => query[key].ToArray() is [{ Length: > 0 } value] ? value : null;
    }

    public IReadOnlyList<KeyValuePair<string, string>> Filters =>
    [
        .. new KeyValuePair<string, string?>[]
        {
            new("jackpot", Jackpot), new("player", Player), new("threshold", ThresholdMicros == 0 ? null : AmountText.Format(ThresholdMicros)), new("after", After),
        }.Where(filter => filter.Value is not null).Select(filter => new KeyValuePair<string, string>(filter.Key, filter.Value!)),
    ];

    /// <summary>The same for the same question.</summary>
    public string Text => string.Join('&', new[]
    {
        $"interval={Interval.Name}", FormattableString.Invariant($"from={Interval.From:yyyy-MM-dd}"), FormattableString.Invariant($"to={Interval.To:yyyy-MM-dd}"),
        Tenant is null ? null : $"tenant={Tenant}",
    }.OfType<string>().Concat(Filters.Select(filter => $"{filter.Key}={Uri.EscapeDataString(filter.Value)}")));
}
