using Jackpot.Core.Eligibility;
using Jackpot.Core.Pools;

namespace Jackpot.Ledger.Contributions;

/// <summary>A contribution that passed the endpoint, ready to be recorded. Amounts are micro-units, times are UTC ticks.</summary>
internal struct AcceptedContribution
{
    /// <summary>The jackpot's number in this shard's tables.</summary>
    public int Jackpot;
    public Guid Key16;
    public Guid Body16;

    /// <summary>
    /// Hash of tenant and contribution id, which makes the contribution unique under whatever key; the same as <see cref="Key16"/> when the
    /// caller uses one text for both, empty for the further parts of a bet that reaches several jackpots.
    /// </summary>
    public Guid Id16;

    /// <summary>The bet in the jackpot's currency: what draws and rates work on.</summary>
    public long StakeMicros;
    public long BetMicros;
    public string BetCurrency;
    public BetFunding Funding;
    public long RateNanos;
    public int RateVersion;
    public long OccurredAtTicks;
    public long ReceivedAtTicks;
    public string TenantId;
    public string ContributionId;
    public string PlayerId;
    public string GameId;
    public string RoundId;

    /// <summary>What this takes back; null for a bet.</summary>
    public VoidItem? Void;

    /// <summary>Voids that came before this bet, by which it is reduced; null for none. Only the ledger sets it.</summary>
    public WaitingVoids[]? Waiting;
}

/// <summary>What became of one contribution of a batch.</summary>
internal enum RecordedKind : byte
{
    /// <summary>Stored by this call.</summary>
    Accepted,

    /// <summary>Stored before under the same key with the same body: the first answer again.</summary>
    Duplicate,

    /// <summary>The key was used before with another body.</summary>
    KeyReused,

    /// <summary>The jackpot is paused.</summary>
    Paused,

    /// <summary>Not stored, or not known to be: ask again with the same key.</summary>
    Unavailable,

    /// <summary>Held back, or refused by staff, before it reached the ledger: the key is claimed, see the quarantine.</summary>
    Quarantined,

    /// <summary>The contribution id was used before, under another key, for another contribution.</summary>
    IdReused,

    /// <summary>A void that was taken by this call; see <see cref="RecordedContribution.Void"/>.</summary>
    Voided,

    /// <summary>A void that was not taken.</summary>
    VoidRefused,

    /// <summary>Nobody is answered this: a void waits for the bet, so the bet has to be recorded with what is left of it.</summary>
    TakenBack,
}

/// <summary>The answer to one contribution. <see cref="Pools"/> and <see cref="Awards"/> are empty unless it is stored.</summary>
internal sealed class RecordedContribution
{
    /// <summary>Whether it is stored is not known.</summary>
    public static readonly RecordedContribution Unavailable = new() { Kind = RecordedKind.Unavailable };

    public RecordedKind Kind;
    public long Sequence;
    public long ContributionMicros;

    /// <summary>Cycle and amount of each pool right after this contribution, in tier order.</summary>
    public PoolAmount[] Pools = [];
    public WonAward[] Awards = [];

    /// <summary>What became of a void; null for a bet.</summary>
    public VoidRecord? Void;

    public RecordedContribution AsDuplicate() => new()
    {
        Kind = RecordedKind.Duplicate,
        Sequence = Sequence,
        ContributionMicros = ContributionMicros,
        Pools = Pools,
        Awards = Awards,
        Void = Void,
    };
}

internal readonly record struct PoolAmount(long Cycle, long AmountMicros);

/// <summary>An award that this contribution won; <paramref name="Tier"/> is the pool's index in the jackpot.</summary>
internal readonly record struct WonAward(int Tier, string AwardId, long AmountMicros);
