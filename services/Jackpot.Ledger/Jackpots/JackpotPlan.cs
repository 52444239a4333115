using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Contributions;

namespace Jackpot.Ledger.Jackpots;

/// <summary>What one commit will do to one jackpot: Core's decision over its items, the chain advanced, and the cycles that open after a drop.</summary>
internal sealed class JackpotPlan
{
    JackpotPlan(LoadedJackpot before, BatchDecision decision, int[] items, long[] amounts, ContributionSplit[] splits, long decidedAtMs)
    {
        Before = before;
        DecidedAtMs = decidedAtMs;
        Decision = decision;
        Items = items;
        Amounts = amounts;
        Splits = splits;
    }

    public LoadedJackpot Before { get; }

    public BatchDecision Decision { get; }

    /// <summary>When this was decided; zero for jackpots that have no timed pool.</summary>
    public long DecidedAtMs { get; }

    /// <summary>Whether a drop let approved terms take effect.</summary>
    public bool ChangesTerms => After.Terms.Version != Before.Terms.Version;

    /// <summary>The consumed items, in the order of their sequences.</summary>
    public ReadOnlySpan<int> Consumed => Items.AsSpan(0, Decision.Consumed);

    public long FirstSequence => Before.State.Sequence + 1;

    public Hash32 Root { get; private set; }

    /// <summary>The jackpot once this is committed.</summary>
    public LoadedJackpot After { get; private set; } = null!;

    public List<OpenedCycle> Opened { get; private set; } = [];

    /// <summary>The movements that seed the opened cycles.</summary>
    public ImmutableArray<LedgerEntry> Seeding { get; private set; } = [];

    /// <summary>Pool amounts after each consumed item, tier by tier.</summary>
    public long[] Amounts { get; }

    public ContributionSplit[] Splits { get; }

    /// <summary>What the consumed items put in. Nothing of a commit is larger, so a plan whose sum fits can be written down.</summary>
    public long ContributionsMicros { get; private set; }

    int[] Items { get; }

    public static JackpotPlan Make(LoadedJackpot before, ReadOnlySpan<AcceptedContribution> contributions, List<int> items, CycleVault vault, DateTimeOffset now)
    {
        var config = before.Config;
        var decidedAtMs = before.InstantMs(now);
        var stakes = new Stake[items.Count];
        for (var i = 0; i < stakes.Length; i++)
        {
            stakes[i] = new Stake(contributions[items[i]].StakeMicros, contributions[items[i]].Funding);
        }

        var amounts = new long[stakes.Length * config.Pools.Length];
        var splits = new ContributionSplit[stakes.Length];
        var decision = JackpotRules.Record(config, before.State, stakes, before.Secrets, amounts, splits, decidedAtMs);
        var plan = new JackpotPlan(before, decision, [.. items], amounts, splits, decidedAtMs);
        foreach (var split in splits.AsSpan(0, decision.Consumed))
        {
            plan.ContributionsMicros += split.ContributionMicros;
        }

        plan.AdvanceChain(contributions);
        plan.OpenCycles(vault);
        return plan;
    }

    void AdvanceChain(ReadOnlySpan<AcceptedContribution> contributions)
    {
        if (BenchSwitches.LeavesOutChain(Before))
        {
            After = Before with { State = Decision.State };
            return;
        }

        Span<byte> bytes = stackalloc byte[Hash16.Bytes];
        var leaves = new Hash32[Decision.Consumed];
        for (var i = 0; i < leaves.Length; i++)
        {
            ref readonly var contribution = ref contributions[Items[i]];
            leaves[i] = ContributionLeaf.Hash(
                Before.State.Id, FirstSequence + i, contribution.StakeMicros, Splits[i].ContributionMicros,
                ToHash16(contribution.Key16, bytes), ToHash16(contribution.Body16, bytes), (byte)contribution.Funding);
        }

        Root = MerkleTree.Root(leaves);
        var head = ChainHead.Advance(Before.State.ChainHead, Root, FirstSequence, Decision.Consumed, DecidedAtMs);
        After = Before with { State = Decision.State with { ChainHead = head } };
    }

    static Hash16 ToHash16(Guid guid, Span<byte> scratch)
    {
        guid.TryWriteBytes(scratch, bigEndian: true, out _);
        return new Hash16(scratch);
    }

    void OpenCycles(CycleVault vault)
    {
        if (Decision.Drops.IsEmpty)
        {
            return;
        }

        var next = NextCycles.Open(Before, After.State, DecidedAtMs, vault);
        (After, Opened, Seeding) = (next.After, next.Opened, next.Seeding);
    }

    public static OpenedCycle Seal(int tier, PoolState pool, in CycleSecret secret, CycleVault vault) =>
        new(tier, pool, secret, Commitment.Of(secret), vault.Seal(secret, pool.Id.Value, pool.Cycle));

    /// <summary>The answer to the consumed item at <paramref name="index"/>.</summary>
    public RecordedContribution AnswerOf(int index)
    {
        var tiers = Before.State.Pools.Length;
        var pools = new PoolAmount[tiers];
        for (var tier = 0; tier < tiers; tier++)
        {
            pools[tier] = new PoolAmount(Before.State.Pools[tier].Cycle, Amounts[index * tiers + tier]);
        }

        return new RecordedContribution
        {
            Kind = RecordedKind.Accepted,
            Sequence = FirstSequence + index,
            ContributionMicros = Splits[index].ContributionMicros,
            Pools = pools,
            Awards = index == Decision.Consumed - 1 ? AwardsOf(Decision.Drops) : [],
        };
    }

    WonAward[] AwardsOf(ImmutableArray<Drop> drops) =>
        [.. drops.Select(drop => new WonAward(TierOf(drop), Before.AwardOf(drop).Value, drop.AwardMicros))];

    public int TierOf(Drop drop)
    {
        for (var tier = 0; ; tier++)
        {
            if (Before.Config.Pools[tier].Id == drop.Pool)
            {
                return tier;
            }
        }
    }
}
