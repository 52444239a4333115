using System.Collections.Immutable;
using Jackpot.Core.Awards;
using Jackpot.Core.Ids;
using Jackpot.Core.Network;

namespace Jackpot.Core.Simulation.Network;

/// <summary>A bet or a void as its operator knows it.</summary>
/// <param name="Key">The idempotency key, which also says whose bet it is.</param>
/// <param name="VoidsKey">The bet that it takes back; null for a bet.</param>
sealed record Bet(int Key, int Shard, long StakeMicros, int? VoidsKey)
{
    /// <summary>Whether the operator was told that it is recorded.</summary>
    public bool IsAnswered { get; set; }
}

/// <summary>An entry as its own shard stores it.</summary>
sealed record EntryRow(EntryName Name, NetworkEntry Entry, int Key, FeederPoint After);

/// <summary>The database of one shard: it survives crashes, and a restore brings an earlier one back.</summary>
sealed class ShardRows
{
    readonly List<EntryRow> _rows;
    readonly Dictionary<int, EntryRow> _byKey;
    readonly Dictionary<EntryName, int> _byName;

    public ShardRows(FeederState feeder) => (Feeder, _rows, _byKey, _byName, Awards) = (feeder, [], [], [], []);

    ShardRows(ShardRows other)
    {
        (Feeder, _rows, _byKey, _byName) = (other.Feeder, [.. other._rows], new(other._byKey), new(other._byName));
        Awards = new(other.Awards);
    }

    public FeederState Feeder { get; set; }

    public IReadOnlyList<EntryRow> Rows => _rows;

    /// <summary>What was done about awards of this shard's players.</summary>
    public Dictionary<AwardId, AwardProgress> Awards { get; }

    public ShardRows Backup() => new(this);

    public EntryRow? OfKey(int key) => _byKey.GetValueOrDefault(key);

    public EntryRow? OfName(EntryName name) => _byName.TryGetValue(name, out var index) ? _rows[index] : null;

    public EntryRow Add(FeederState after, NetworkEntry entry, int key)
    {
        var row = new EntryRow(new EntryName(after.Epoch, entry.Sequence), entry, key, after.Last);
        Feeder = after;
        _byName[row.Name] = _rows.Count;
        _byKey[key] = row;
        _rows.Add(row);
        return row;
    }

    /// <summary>Where the row of that name stands; -1 when there is none.</summary>
    public int IndexOf(EntryName name) => _byName.GetValueOrDefault(name, -1);

    /// <summary>The first row behind a point.</summary>
    public int IndexAfter(EntryMark mark)
    {
        if (mark.Sequence > 0)
        {
            return _byName[new EntryName(mark.Epoch, mark.Sequence)] + 1;
        }

        var index = _rows.FindIndex(row => row.Name.Epoch.Number >= mark.Epoch.Number);
        return index < 0 ? _rows.Count : index;
    }

    /// <summary>Where the entries stood when an epoch began.</summary>
    public FeederPoint? BeganOf(ShardEpoch epoch) => _rows.FindLast(row => row.Name.Epoch.Number < epoch.Number)?.After;

    public EntryMark MarkBefore(int index)
    {
        var epoch = _rows[index].Name.Epoch;
        var before = index == 0 ? null : _rows[index - 1];
        return before?.Name.Epoch == epoch ? before.After.Mark : new EntryMark(epoch, 0, before?.After.Mark.Totals ?? default);
    }

    /// <summary>This shard's own point at a mark of home's.</summary>
    public FeederPoint? PointAt(EntryMark? mark) =>
        mark is not { } at ? null : at.Sequence > 0 ? OfName(new EntryName(at.Epoch, at.Sequence))?.After : BeganOf(at.Epoch);

    /// <summary>A stretch of rows of one epoch, as a message.</summary>
    public Delta DeltaFrom(int index, int count, ImmutableArray<AwardReceipt> receipts)
    {
        var rows = _rows.Skip(index).Take(count).ToArray();
        return FeederRules.DeltaOf(Feeder, NetworkPlan.Terms.Version, BeganOf(rows[0].Name.Epoch)?.Mark, MarkBefore(index), [.. rows.Select(row => row.Entry)], receipts);
    }

    /// <summary>No rows: for a new epoch, and for receipts.</summary>
    public Delta EmptyDelta(ImmutableArray<AwardReceipt> receipts) =>
        FeederRules.DeltaOf(Feeder, NetworkPlan.Terms.Version, Feeder.Began?.Mark, Feeder.Last.Mark, [], receipts);
}
