using System.Globalization;
using Jackpot.Core.Voids;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Voids;
using Npgsql;

namespace Jackpot.Shard.Refunds;

/// <summary>
/// Carries approved refunds out, a stretch of sequences at a time: the contributions go through the batchers as any void does, and how far it has come is kept
/// after each stretch. Whatever dies on the way, the stretch is done again and every void in it is taken once.
/// </summary>
internal sealed class RefundRun(NpgsqlDataSource database, RefundStore store, VoidIntake intake, JackpotDirectory jackpots)
{
    /// <summary>Does the next stretch of the oldest refund. False when there is nothing to do now.</summary>
    public async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await RefundStore.NextAsync(connection, ct) is not { } refund)
        {
            return false;
        }

        var after = refund.Scope switch
        {
            RefundScope.Bet bet => await TakeAsync(refund, bet, ct),
            RefundScope.Window window => await TakeAsync(connection, refund, window, ct),
            _ => throw new InvalidOperationException($"Refund {refund.Id} is of nothing."),
        };
        if (after is null)
        {
            return false;
        }

        await store.KeepAsync(transaction, after, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Null when it has to be tried again.</summary>
    async Task<Refund?> TakeAsync(Refund refund, RefundScope.Bet bet, CancellationToken ct)
    {
        var request = new VoidRequest(bet.TenantId, bet.ContributionId, string.Create(CultureInfo.InvariantCulture, $"refund {refund.Id}"), bet.BetMicros, bet.Currency, refund.Why)
        {
            Approval = new VoidApproval(VoidRoad.Settlement, ByOf(refund)),
        };
        var outcome = (await intake.TakeAsync([request], ct))[0];
        return outcome.Status == VoidStatus.Retry ? null : refund with
        {
            Status = Refund.Done,
            Voided = outcome.Parts.Count,
            PassedOver = outcome.Parts.Count == 0 ? 1 : 0,
            ContributionMicros = outcome.Parts.Sum(part => part.Record.ContributionMicros),
            CarriedMicros = outcome.Parts.Sum(part => part.Record.CarriedMicros),
        };
    }

    async Task<Refund?> TakeAsync(NpgsqlConnection connection, Refund refund, RefundScope.Window window, CancellationToken ct)
    {
        var through = Math.Min(refund.ThroughSequence + WindowRows.SequencesPerRead, refund.ToSequence);
        var rows = await WindowRows.ReadAsync(connection, window, refund.ThroughSequence, through, ct);
        if (jackpots.ByNumber(window.Jackpot) is not { } jackpot)
        {
            await jackpots.ReloadIfStaleAsync(ct);
            return null;
        }

        var after = refund with { ThroughSequence = through, Status = through == refund.ToSequence ? Refund.Done : refund.Status };
        foreach (var chunk in rows.Chunk(BatchCodec.ItemsMax))
        {
            var answers = await intake.RefundAsync(jackpot, [.. chunk.Select(row => (row.Sequence, row.TenantId, row.ContributionId))], refund.Id, refund.Why, ByOf(refund));
            foreach (var answer in answers)
            {
                switch (answer)
                {
                    case { Kind: RecordedKind.Voided or RecordedKind.Duplicate, Void: { } record }:
                        after = after with
                        {
                            Voided = after.Voided + 1,
                            ContributionMicros = after.ContributionMicros + record.ContributionMicros,
                            CarriedMicros = after.CarriedMicros + record.CarriedMicros,
                        };
                        break;
                    case { Kind: RecordedKind.VoidRefused }:
                        after = after with { PassedOver = after.PassedOver + 1 };
                        break;
                    default:
                        return null;
                }
            }
        }

        return after;
    }

    static string ByOf(Refund refund) => $"{refund.Author} and {refund.DecidedBy}";
}
