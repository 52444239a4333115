using Jackpot.Ledger.Parking;

namespace Jackpot.Ledger.Outbox;

/// <summary>What is parked of the outbox: the order keys that are blocked by it, and how many rows wait.</summary>
internal sealed record OutboxBlocks(HashSet<string> Keys, long Waiting);

/// <summary>Some rows of the outbox, sorted into those to be published and those to be parked.</summary>
internal sealed class OutboxPage
{
    /// <summary>
    /// Most rows that wait behind parked ones. Beyond it an event goes out although an earlier one of its jackpot is parked; that is counted and told
    /// as an error. Consumers see it by the sequence.
    /// </summary>
    public const int WaitingMax = 100_000;

    readonly List<OutboxEvent> _toPublish = [];
    readonly List<RowToPark> _toPark = [];
    readonly List<OutboxRow> _shortened = [];

    /// <summary>In the order of the rows.</summary>
    public IReadOnlyList<OutboxEvent> ToPublish => _toPublish;

    public IReadOnlyList<RowToPark> ToPark => _toPark;

    /// <summary>Rows of which a part is parked: this is what is left of them.</summary>
    public IReadOnlyList<OutboxRow> Shortened => _shortened;

    /// <summary>Rows that should wait and do not, because there are too many.</summary>
    public int OrderGivenUp { get; private set; }

    /// <param name="rows">What was read of them, in the order of their ids.</param>
    /// <param name="blocks">What is parked already.</param>
    /// <param name="waitingMax">Most rows that wait; <see cref="WaitingMax"/> unless told.</param>
    public static OutboxPage Of(IReadOnlyList<OutboxEvent> rows, OutboxBlocks blocks, int waitingMax = WaitingMax)
    {
        var page = new OutboxPage();
        var (blocked, room) = (new HashSet<string>(blocks.Keys, StringComparer.Ordinal), waitingMax - blocks.Waiting);
        foreach (var read in rows)
        {
            if (read.Fault is { } fault)
            {
                page.Park(read.Row, read.OrderKeys(), fault, blocked);
                continue;
            }

            var (free, waiting) = blocked.Count == 0 ? (read, null) : read.Part(blocked);
            if (waiting is not null && room <= 0)
            {
                (free, waiting) = (read, null);
                page.OrderGivenUp++;
            }

            if (waiting is not null)
            {
                room--;
                page.Wait(waiting, blocked);
                page._shortened.AddRange(free is null ? [] : [free.Row]);
            }

            page._toPublish.AddRange(free is null ? [] : [free]);
        }

        return page;
    }

    void Park(OutboxRow row, IReadOnlyCollection<string> keys, string reason, HashSet<string> blocked)
    {
        _toPark.Add(ToRow(row, keys, reason));
        blocked.UnionWith(keys);
    }

    void Wait(OutboxEvent waiting, HashSet<string> blocked)
    {
        var keys = waiting.OrderKeys();
        _toPark.Add(ToRow(waiting.Row, keys, "it waits behind an earlier row of the same key") with { Waiting = true });
        blocked.UnionWith(keys);
    }

    public static RowToPark ToRow(OutboxRow row, IReadOnlyCollection<string> keys, string reason) =>
        new(ParkingSource.Outbox, row.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), keys, reason)
        {
            Kind = row.Kind, Payload = row.Payload, CreatedAt = row.CreatedAt,
        };
}
