using System.Collections.Immutable;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Ledger;

/// <summary>Collects the movements of one decision and lets go of them only when they balance.</summary>
sealed class Journal
{
    readonly ImmutableArray<LedgerEntry>.Builder _entries = ImmutableArray.CreateBuilder<LedgerEntry>();

    /// <summary>Moves an amount from one account of a pool to another. Nothing is written for nothing.</summary>
    public void Move(PoolId pool, Account from, Account to, long micros)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(micros);
        if (micros > 0)
        {
            _entries.Add(new LedgerEntry(pool, from, -micros));
            _entries.Add(new LedgerEntry(pool, to, micros));
        }
    }

    public ImmutableArray<LedgerEntry> Balanced()
    {
        var sum = _entries.Sum(entry => entry.Micros);
        return sum == 0 ? _entries.ToImmutable() : throw new InvalidOperationException($"Ledger entries sum to {sum} micro-units instead of zero.");
    }
}
