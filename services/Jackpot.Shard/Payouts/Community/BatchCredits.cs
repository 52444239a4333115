using System.Security.Cryptography;
using System.Text;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Awards;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Payouts.Community;

/// <summary>
/// Credits the winners of a shared award in as few calls as their operators have for it. Each has a state of their own all the same: it is noted before the call that a
/// credit is about to be sent, and what the wallet says of one says nothing of another. May run any number of times, also twice at once: of two attempts at a
/// payout one sends. Compensation: none, see <see cref="CreditWinner"/>.
/// </summary>
internal sealed class BatchCredits(PayoutStore payouts, WalletClient wallet, PayoutSteps steps)
{
    /// <summary>Winners whose credits are on their way at once: as many can be in doubt together.</summary>
    const int AtOnceMax = 100;

    /// <summary>Credits what can be credited together. Gives back the payouts that are left to sagas of their own: those in doubt, and those alone.</summary>
    public async Task<IReadOnlyList<string>> CreditAsync(IReadOnlyList<string> payoutIds, CancellationToken ct)
    {
        var (left, found) = (new List<string>(), new List<Payout>());
        foreach (var id in payoutIds)
        {
            await TryAsync(id, async () =>
            {
                if (await payouts.FindAsync(id, ct) is { State: PayoutState.Requested } payout)
                {
                    found.Add(payout);
                }
                else
                {
                    left.Add(id);
                }
            }, left);
        }

        // A slow wallet of one operator keeps the winners of no other waiting.
        var ofOperators = await Task.WhenAll(found.GroupBy(payout => payout.TenantId, StringComparer.Ordinal).Select(one => OfOperatorAsync(one.Key, [.. one], ct)));
        return [.. left, .. ofOperators.SelectMany(one => one)];
    }

    async Task<IReadOnlyList<string>> OfOperatorAsync(string tenantId, Payout[] all, CancellationToken ct)
    {
        var (left, together) = (new List<string>(), all.Length > 1 && wallet.CreditsBatches(tenantId));
        foreach (var part in all.Chunk(AtOnceMax))
        {
            // A wallet that does not answer is not asked for the next hundred as well.
            if (together)
            {
                together = await CreditPartAsync(tenantId, part, left, ct);
            }
            else
            {
                left.AddRange(part.Select(payout => payout.PayoutId));
            }
        }

        return left;
    }

    /// <summary>False when all of what was sent is in doubt.</summary>
    async Task<bool> CreditPartAsync(string tenantId, Payout[] part, List<string> left, CancellationToken ct)
    {
        var begun = new List<Payout>();
        foreach (var payout in part)
        {
            await TryAsync(payout.PayoutId, async () =>
            {
                var (step, reason) = await steps.CheckAsync(payout, ct);
                if (step.Kind != SagaStepKind.Credit)
                {
                    await steps.EndAsync(payout, step, reason, ct);
                }
                else if (await payouts.BeginCreditAsync(payout, ct) is { } one)
                {
                    begun.Add(one);
                }
                else
                {
                    left.Add(payout.PayoutId);
                }
            }, left);
        }

        if (begun.Count == 0)
        {
            return true;
        }

        var answers = await wallet.CreditBatchAsync(tenantId, NameOf(begun), begun, ct);
        foreach (var (payout, answer) in begun.Zip(answers))
        {
            await TryAsync(payout.PayoutId, async () =>
            {
                if (answer.NothingWasSent)
                {
                    await payouts.NothingWasSentAsync(payout, ct);
                }

                if (await steps.EndAsync(payout, PayoutSaga.AfterCredit(answer.Reply, payout.Looks + 1), answer.Why, ct) == CreditOutcome.InDoubt)
                {
                    left.Add(payout.PayoutId);
                }
            }, left);
        }

        return answers.Any(answer => answer.Reply != WalletReply.InDoubt);
    }

    /// <summary>Whoever is in it is in its name, so that a wallet that knows batches again by their names never takes one for another.</summary>
    static string NameOf(IEnumerable<Payout> batch) =>
        "batch-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', batch.Select(payout => payout.TransactionId)))))[..24];

    /// <summary>What is wrong with the rows of one winner keeps nobody else from their money; the saga of that one parks it.</summary>
    static async Task TryAsync(string payoutId, Func<Task> step, List<string> left)
    {
        try
        {
            await step();
        }
#pragma warning disable CA1031 // The edge of a row: it is left to its own saga, which keeps and logs what is wrong with it.
        catch (Exception fault) when (!RowFault.IsOutage(fault))
#pragma warning restore CA1031
        {
            left.Add(payoutId);
        }
    }
}
