using Jackpot.Core.Payouts;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Leadership;
using Jackpot.Ledger.Telemetry;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Regions;
using Npgsql;

namespace Jackpot.Shard.Reconciliation;

/// <summary>
/// Asks every wallet that can be asked, once about each credited payout, whether it has the credit too. What it says else is a note on the payout and an
/// alarm, once. What it does not answer is asked about in the next run.
/// </summary>
internal sealed partial class WalletReconciliation(
    NpgsqlDataSource database, PayoutStore payouts, WalletClient wallets, TenantDirectory tenants, LeaderElection election, ShardMetrics metrics, TimeProvider clock,
    ILogger<WalletReconciliation> log)
{
    /// <summary>Payouts of one operator in one run; the next goes on.</summary>
    const int PayoutsMax = 10_000;

    const int PageMax = 100;

    /// <summary>Questions to one operator at once, few, so that payouts find places free.</summary>
    const int AtOnceMax = 4;

    /// <summary>Who writes the notes.</summary>
    public const string Author = "reconciliation";

    /// <summary>How old a credit must be: a wallet may read from a copy that is behind.</summary>
    static readonly TimeSpan AgeMin = TimeSpan.FromMinutes(10);

    /// <summary>Asks about everything that is due. Null when another process is at it.</summary>
    /// <returns>How many payouts were found to differ.</returns>
    public async Task<int?> RunAsync(CancellationToken ct)
    {
        await using var leader = await election.TryLeadAsync(LeaderRole.Reconciliation, ct);
        if (leader is null)
        {
            return null;
        }

        var own = tenants.All.Where(tenant => tenants.IsOfRegion(tenant) && wallets.CanBeAsked(tenant.TenantId));
        return (await Task.WhenAll(own.Select(tenant => OfAsync(tenant.TenantId, ct)))).Sum();
    }

    /// <summary>One operator, until nothing is due or a whole page had no answer: then the wallet is away, and is left alone.</summary>
    async Task<int> OfAsync(string tenantId, CancellationToken ct)
    {
        var (differing, asked, skip) = (0, 0, 0);
        while (asked < PayoutsMax && await DueAsync(tenantId, skip, ct) is { Count: > 0 } page)
        {
            var outcomes = new List<string>();
            await Parallel.ForEachAsync(page, new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = ct }, async (payoutId, stop) =>
            {
                var outcome = await AskAsync(payoutId, stop);
                lock (outcomes)
                {
                    outcomes.Add(outcome);
                }
            });
            var unanswered = outcomes.Count(outcome => outcome == NotAnswered);
            differing += outcomes.Count(outcome => outcome is Missing or Refused or Other);
            (asked, skip) = (asked + page.Count, skip + unanswered);
            if (unanswered == page.Count)
            {
                break;
            }
        }

        return differing;
    }

    const string Same = "same";
    const string Missing = "missing";
    const string Refused = "refused";
    const string Other = "other";
    const string NotAnswered = "not_answered";

    async Task<string> AskAsync(string payoutId, CancellationToken ct)
    {
        var payout = (await payouts.FindAsync(payoutId, ct))!;
        var answer = await wallets.FindAsync(payout, ct);
        var outcome = answer.Reply switch
        {
            WalletReply.Done => Same,
            WalletReply.NotFound => Missing,
            WalletReply.Refused => Refused,
            _ => answer.IsStrange ? Other : NotAnswered,
        };
        if (outcome != NotAnswered && await NoteAsync(payout, outcome == Same ? null : $"asked about its credit {payout.TransactionId}, the wallet says: {outcome}; {answer.Why}", ct)
            && outcome != Same)
        {
            LogDiffers(log, payoutId, payout.TenantId, outcome);
        }

        metrics.PayoutReconciled(outcome);
        return outcome;
    }

    async Task<IReadOnlyList<string>> DueAsync(string tenantId, int skip, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT payout_id FROM payout
            WHERE coalesce(to_tenant, tenant_id) = $1 AND state = 'credited' AND reconciled_at IS NULL AND changed_at < $2
            ORDER BY changed_at OFFSET $3 LIMIT {PageMax}
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (clock.GetUtcNow() - AgeMin).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = skip });
        await using var row = await command.ExecuteReaderAsync(ct);
        var due = new List<string>();
        while (await row.ReadAsync(ct))
        {
            due.Add(row.GetString(0));
        }

        return due;
    }

    /// <summary>Never asked about again; false when somebody else was quicker.</summary>
    async Task<bool> NoteAsync(Payout payout, string? note, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            WITH asked AS (UPDATE payout SET reconciled_at = $2 WHERE payout_id = $1 AND reconciled_at IS NULL RETURNING payout_id),
                 noted AS (INSERT INTO payout_note (payout_id, author, text) SELECT payout_id, $3, $4 FROM asked WHERE $4::text IS NOT NULL)
            SELECT count(*) FROM asked
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payout.PayoutId });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Author });
        command.Parameters.Add(new NpgsqlParameter { Value = note is null ? DBNull.Value : OutsideText.Clean(note, NoteCharsMax), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return (long)(await command.ExecuteScalarAsync(ct))! > 0;
    }

    const int NoteCharsMax = 500;

    [LoggerMessage(EventId = 424, Level = LogLevel.Error,
        Message = "{PayoutId} is credited here, but the wallet of {Tenant} says: {Outcome}. Ask the operator; jackpot payouts show {PayoutId}")]
    static partial void LogDiffers(ILogger logger, string payoutId, string tenant, string outcome);
}
