using Jackpot.Ledger.Commit;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Ledger.Batching;

/// <summary>A batch that is decided and filled in, and only has to be committed; it holds as long as everything prepared before it is committed first.</summary>
internal sealed class PreparedBatch(OpenBatch batch, List<JackpotPlan> plans, BatchCommit commit)
{
    Task? _committing;

    public OpenBatch Batch => batch;

    public List<JackpotPlan> Plans => plans;

    public BatchCommit Commit => commit;

    /// <summary>A drop cuts a batch short: what comes after it is still open when this is committed.</summary>
    public bool TakesAll => plans.TrueForAll(plan => plan.Decision.Drops.IsEmpty);

    /// <summary>Whether another thread commits this.</summary>
    public bool IsHandedOver => _committing is not null;

    /// <param name="committing">Ends when the commit has, one way or the other.</param>
    public void HandOver(Task committing) => _committing = committing;

    /// <summary>Waits for whoever commits this. False when nobody does.</summary>
    public bool TryAwait()
    {
        _committing?.GetAwaiter().GetResult();
        return IsHandedOver;
    }
}
