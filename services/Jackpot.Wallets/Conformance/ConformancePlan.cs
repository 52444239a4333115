using Jackpot.Core.Amounts;
using Jackpot.Wallets.Exchanges;
using Jackpot.Wallets.Operators;

namespace Jackpot.Wallets.Conformance;

/// <summary>What a conformance run is made with. Its players are for tests: money is credited to them, and taken again.</summary>
/// <param name="Operator">The wallet; its breaker is never to open, see <see cref="Patient"/>.</param>
/// <param name="Player">Has an account in <paramref name="Currency"/>.</param>
/// <param name="ClosedPlayer">Nobody may pay them; null where there is none, and then what needs one is skipped.</param>
/// <param name="AnswerTimeMax">In which most answers must come.</param>
public sealed record ConformancePlan(OperatorSettings Operator, string? Secret, string Player, Currency Currency, string? ClosedPlayer, TimeSpan AnswerTimeMax)
{
    /// <summary>How long a run looks for the outcome of a call whose answer it did not wait for.</summary>
    public TimeSpan OutcomeWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Makes the ids of this run its own.</summary>
    public string RunId { get; init; } = Guid.NewGuid().ToString("N")[..12];

    /// <summary>A run calls a wallet that fails as often as one that does not.</summary>
    public static OperatorSettings Patient(OperatorSettings settings) =>
        settings with { Limits = new ConnectionLimits(32, 1_000, 100, TimeSpan.FromSeconds(1), 10_000, TimeSpan.FromSeconds(1)), CreditMicrosMax = System.Collections.Frozen.FrozenDictionary<Currency, long>.Empty, Hours = null, Currencies = null };
}
