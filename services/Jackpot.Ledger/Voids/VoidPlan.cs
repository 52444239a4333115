using System.Globalization;
using Jackpot.Core.Chain;
using Jackpot.Core.Voids;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;

namespace Jackpot.Ledger.Voids;

/// <summary>A void that is taken, with its number.</summary>
internal sealed record TakenVoid(AcceptedContribution Item, StoredBet Bet, VoidedPart Part, long Number)
{
    public VoidRecord Record => new(VoidResult.Voided, Number, Part.BetMicros, Bet.Currency, Part.ContributionMicros, Part.CarriedMicros, Bet.Awards);
}

/// <summary>What one step of voids will do to one jackpot: Core's decision with the chain advanced.</summary>
internal sealed record VoidPlan(LoadedJackpot Before, LoadedJackpot After, VoidDecision Decision, IReadOnlyList<TakenVoid> Taken, Hash32 Root, DateTimeOffset Now)
{
    /// <summary>Who the audit log names for operators' own voids.</summary>
    const string Operators = "operator";

    public long FirstNumber => Taken[0].Number;

    public static VoidPlan Make(LoadedJackpot before, VoidDecision decision, IReadOnlyList<TakenVoid> taken, DateTimeOffset now)
    {
        var leaves = new Hash32[taken.Count];
        for (var i = 0; i < leaves.Length; i++)
        {
            var one = taken[i];
            leaves[i] = VoidLeaf.Hash(
                before.State.Id, one.Number, one.Bet.Bet.Sequence, one.Part.StakeMicros, one.Part.ContributionMicros, (byte)one.Item.Void!.Road,
                HashOf(one.Item.Key16), HashOf(one.Item.Body16));
        }

        var root = MerkleTree.Root(leaves);
        var head = ChainHead.AdvanceByVoids(before.State.ChainHead, root, before.State.Sequence, taken[0].Number, taken.Count);
        return new VoidPlan(before, before with { State = decision.State with { ChainHead = head } }, decision, taken, root, now);
    }

    public AuditedStep AuditedStep()
    {
        var (first, currency) = (Taken[0].Item.Void!, Before.Config.Currency);
        return new AuditedStep("jackpot " + Before.State.Id, "contributions voided", first.ApprovedBy.Length > 0 ? first.ApprovedBy : Operators, first.Reason)
        {
            Before = string.Create(CultureInfo.InvariantCulture, $"sequence {Before.State.Sequence}, version {Before.State.Version}"),
            After = string.Create(CultureInfo.InvariantCulture,
                $"voids {FirstNumber} to {Taken[^1].Number} of {string.Join(", ", Taken.Select(one => one.Item.TenantId).Distinct())}: {Taken.SumOf(one => one.Part.FromPoolsMicros)} micro-units of {currency} from the pools, {Taken.SumOf(one => one.Part.CarriedMicros)} by settlement; head {After.State.ChainHead}"),
        };
    }

    static Hash16 HashOf(Guid guid) => new(guid.ToByteArray(bigEndian: true));
}
