using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;
using Jackpot.Core.Community;
using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Epochs;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Archive;
using Jackpot.Shard.Problems;
using Npgsql;

namespace Jackpot.Shard.Calls;

/// <summary>
/// Drops pools by call, each in one transaction under the jackpot's lock: the call is looked up, Core decides, award, payouts, cycles,
/// journal, events and the answer are written together. So a call that comes again, however it got lost, drops nothing a second time.
/// </summary>
internal sealed class CalledDrops(
    NpgsqlDataSource database, JackpotReader reader, JackpotDirectory directory, CycleVault vault, AuditLog audit, OutboxSignal outbox,
    ArchivedRows archive, ShardEpochs epochs, ShardOptions options, TimeProvider clock)
{
    public async Task<CallOutcome> CallAsync(DropCall call, CancellationToken ct)
    {
        try
        {
            return await CallInEpochAsync(call, ct);
        }
        catch (ArchivedRowsException missing)
        {
            // The jackpot's lock is gone by now, so it takes bets while the sidecar is asked.
            await archive.AskAsync(missing, ct);
            return new CallOutcome.Refused(missing.Refusal(), missing.Detail);
        }
    }

    async Task<CallOutcome> CallInEpochAsync(DropCall call, CancellationToken ct)
    {
        try
        {
            return await CallUntilSeenAsync(call, ct);
        }
        catch (PostgresException e) when (e.SqlState == ShardEpochs.Over)
        {
            await epochs.EnterAsync(ct);
            return await CallUntilSeenAsync(call, ct);
        }
    }

    async Task<CallOutcome> CallUntilSeenAsync(DropCall call, CancellationToken ct)
    {
        try
        {
            return await CallOnceAsync(call, ct);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: CallAnswers.KeyConstraint })
        {
            // The same name was used at another jackpot at the same moment; now its row can be seen.
            return await CallOnceAsync(call, ct);
        }
    }

    async Task<CallOutcome> CallOnceAsync(DropCall call, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var jackpot = (await reader.LockAsync(transaction, [call.Jackpot], ct)).Single();
        if (await CallAnswers.FindAsync(connection, call, ct) is { } first)
        {
            await Flush.CommitAsync(transaction, ct);
            return first.Body16 == call.Body16
                ? new CallOutcome.Answered(first.Answer, Replayed: true)
                : new CallOutcome.Refused(Refusal.KeyReused, "the first call of this name said something else; use a new name for a new call");
        }

        var now = clock.GetUtcNow();
        var (refused, plan) = await PlanAsync(connection, jackpot, call, now, ct);
        if (plan is null)
        {
            return refused!;
        }

        var answer = AnswerTo(call, plan);
        await CalledDropCommit.ExecuteAsync(connection, plan, options.Id, now, ct);
        await CallAnswers.AddAsync(connection, call, plan.Award.Id.Value, answer, now, ct);
        if (call is DrawCall draw)
        {
            await audit.AppendAsync(transaction, StepOf(draw, plan), ct);
        }

        await transaction.CommitAsync(ct);
        outbox.Raise();
        if (plan.Next.After.Terms.Version != jackpot.Terms.Version)
        {
            await directory.ReloadAsync(ct);
        }

        return new CallOutcome.Answered(answer, Replayed: false);
    }

    async Task<(CallOutcome.Refused? Refused, CalledDropPlan? Plan)> PlanAsync(
        NpgsqlConnection connection, LoadedJackpot jackpot, DropCall call, DateTimeOffset now, CancellationToken ct)
    {
        var tier = jackpot.Config.Pools.Select(pool => pool.Id).ToList().IndexOf(call.Pool);
        var outcome = CalledDropRules.Call(jackpot.Config, jackpot.State, call.Pool, jackpot.Secrets[Math.Max(tier, 0)]);
        var answer = outcome.Answer == CalledDropAnswer.Dropped && !call.Fits(jackpot.Config.Pools[tier].Trigger)
            ? CalledDropAnswer.PoolIsNotCalled
            : outcome.Answer;
        if (CallRefusals.Of(answer, jackpot.State.Status) is { } refused)
        {
            return (refused, null);
        }

        if (call is GameCall { Winners.Length: > 1 } && jackpot.Terms.IsShared(tier))
        {
            return (new(Refusal.WinnersInvalid, "the community of this pool has a part of its awards, so a call names one winner"), null);
        }

        if (call is GameCall game && await CheckWinnersAsync(connection, jackpot, tier, game, ct) is { } against)
        {
            return (against, null);
        }

        var next = NextCycles.Open(jackpot, outcome.Decision!.State, jackpot.InstantMs(now), vault);
        var (policy, winners) = await WinnersAsync(connection, jackpot, tier, call, outcome.Decision.Drops.Single(), ct);
        return (null, CalledDropPlan.Make(jackpot, tier, outcome.Decision, next, call.CallId, policy, winners));
    }

    /// <summary>Whom a game names is checked like who plays, and must have put something into the cycle unless the terms say otherwise.</summary>
    static async Task<CallOutcome.Refused?> CheckWinnersAsync(NpgsqlConnection connection, LoadedJackpot jackpot, int tier, GameCall call, CancellationToken ct)
    {
        if (call.Against is { } against)
        {
            return CallOutcome.Refused.Of(against);
        }

        return jackpot.Terms.PaysContributorsByCall(tier) && await Contributors.FindStrangerAsync(connection, jackpot, tier, call.Winners, ct) is { } stranger
            ? new(Refusal.WinnerHasNotContributed, string.Create(CultureInfo.InvariantCulture, $"winners[{stranger}] has put nothing into this cycle of the pool, and its terms pay only who has"))
            : null;
    }

    /// <summary>Who wins, and how they share: a raffle's tickets equally, whom a game named as the rules of the game declare.</summary>
    static async Task<(SimultaneousPolicy Policy, ImmutableArray<Winner> Winners)> WinnersAsync(
        NpgsqlConnection connection, LoadedJackpot jackpot, int tier, DropCall call, Drop drop, CancellationToken ct) => (call, drop.Evidence) switch
        {
            (GameCall game, _) => (jackpot.Terms.Definition.SimultaneousWinners ?? SimultaneousPolicy.Split, game.Winners),
            (DrawCall, TicketsDrawn drawn) => (SimultaneousPolicy.Split, await TicketHolders.FindAsync(
                connection, jackpot, tier, ((RaffleTrigger)jackpot.Config.Pools[tier].Trigger).TicketPriceMicros, drawn.WinningTickets, ct)),
            _ => throw new InvalidOperationException($"A drop by {call.GetType().Name} has no winners."),
        };

    static string AnswerTo(DropCall call, CalledDropPlan plan)
    {
        const string Dropped = "dropped";
        var award = AwardOf(plan);
        return call is DrawCall
            ? JsonSerializer.Serialize(new DrawAnswered(call.CallId, Dropped, award), CallJson.Default.DrawAnswered)
            : JsonSerializer.Serialize(new TriggerAnswered(call.CallId, Dropped, award), CallJson.Default.TriggerAnswered);
    }

    static CalledAward AwardOf(CalledDropPlan plan)
    {
        var (award, drop, currency) = (plan.Award, plan.Award.Drop, plan.Before.Config.Currency);
        var shared = plan.Before.Terms.IsShared(award.Tier);
        return new CalledAward(
            award.Id.Value, drop.Pool.Value, plan.Before.State.Id.Value, drop.Cycle, drop.Sequence, new Money(drop.AwardMicros, currency),
            award.HouseMicros > 0 ? new Money(award.HouseMicros, currency) : null,
            drop.Evidence is TicketsDrawn drawn ? drawn.WinningTickets : null,
            [.. award.Shares.Select((share, winner) => new CalledPayout(
                Payout.IdOf(award.Id.Value, winner), share.Winner.TenantId, share.Winner.PlayerId, shared ? null : new Money(share.Micros, currency)))]);
    }

    static AuditedStep StepOf(DrawCall draw, CalledDropPlan plan)
    {
        var (drop, pool) = (plan.Award.Drop, plan.Before.State.Pools[plan.Award.Tier]);
        return new AuditedStep($"pool {draw.Pool}", "raffle drawn", draw.Person, draw.Why)
        {
            Before = $"cycle {pool.Cycle}, {pool.TicketsSold} tickets sold, {new Money(pool.AmountMicros, plan.Before.Config.Currency)}",
            After = $"award {plan.Award.Id} of {new Money(drop.AwardMicros, plan.Before.Config.Currency)} to tickets "
                + string.Join(", ", ((TicketsDrawn)drop.Evidence).WinningTickets),
        };
    }
}
