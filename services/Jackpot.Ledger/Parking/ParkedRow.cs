namespace Jackpot.Ledger.Parking;

/// <summary>Where parked rows come from.</summary>
internal static class ParkingSource
{
    /// <summary>Events; the key is the row's id, and the row itself is here.</summary>
    public const string Outbox = "outbox";

    /// <summary>Payouts and shared awards whose saga cannot be started; the key is the workflow's id.</summary>
    public const string Payout = "payout";

    /// <summary>Released contributions that cannot be recorded; the key is the entry's id.</summary>
    public const string Quarantine = "quarantine";

    /// <summary>Terms that cannot be read; the key is the jackpot's number and the version.</summary>
    public const string Terms = "terms";

    /// <summary>Days that cannot be archived or read back; the key is the day.</summary>
    public const string Archive = "archive";
}

/// <summary>A row to be parked.</summary>
/// <param name="Source">One of <see cref="ParkingSource"/>.</param>
/// <param name="Key">Names it within its source.</param>
/// <param name="OrderKeys">Later rows with one of these keys wait behind it.</param>
/// <param name="Reason">What was seen, for whoever decides over it.</param>
internal sealed record RowToPark(string Source, string Key, IReadOnlyCollection<string> OrderKeys, string Reason)
{
    public bool Waiting { get; init; }

    public string Kind { get; init; } = "";

    public string Payload { get; init; } = "";

    /// <summary>When the row came to be; when it is parked unless told.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>A parked row, without its payload.</summary>
internal sealed record ParkedRow(
    long Id, string Source, string Key, IReadOnlyList<string> OrderKeys, bool Waiting, string Reason, string Kind, DateTimeOffset CreatedAt, DateTimeOffset ParkedAt);
