using Jackpot.Core.Ids;

namespace Jackpot.Core.Ledger;

/// <summary>One side of a movement. The entries of a batch sum to zero.</summary>
/// <param name="Pool">The pool whose accounts it stands in.</param>
/// <param name="Account">Where the money goes to (positive) or comes from (negative).</param>
/// <param name="Micros">Signed, in the jackpot's home currency; never zero.</param>
public readonly record struct LedgerEntry(PoolId Pool, Account Account, long Micros);
