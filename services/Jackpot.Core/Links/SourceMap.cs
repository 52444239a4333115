using System.Collections.Immutable;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Links;

/// <summary>Where a bet can come from, from the widest to the narrowest.</summary>
public enum SourceKind
{
    Vertical,
    Group,
    Game,
    Deposit,
    BetSlip,
}

/// <summary>A source of contributions as the operator calls it, for example <c>Vertical slots</c>.</summary>
public readonly record struct Source(SourceKind Kind, string Name);

/// <summary>Which jackpots a source feeds, so that an operator only streams its bets and need not know any jackpot.</summary>
public sealed class SourceMap(IReadOnlyDictionary<Source, ImmutableArray<JackpotId>> feeds)
{
    /// <summary>Every jackpot that any of a bet's sources feeds, once, in the order of the sources.</summary>
    public ImmutableArray<JackpotId> JackpotsOf(IEnumerable<Source> sources) =>
        [.. sources.SelectMany(source => feeds.TryGetValue(source, out var jackpots) ? jackpots : []).Distinct()];
}
