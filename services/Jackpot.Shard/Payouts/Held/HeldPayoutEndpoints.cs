using System.Globalization;
using Jackpot.Contracts.Views;
using Jackpot.Core.Changes;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Jackpot.Shard.Payouts.Held;

/// <summary>Where staff see payouts that wait for them, take them on, and order what another person decides.</summary>
internal sealed class HeldPayoutEndpoints(PayoutQueue queue, HeldPayoutHandler handler, PayoutStarter starter, NpgsqlDataSource database, AuditLog audit)
{
    const string All = "/v1/admin/payouts";
    const string One = All + "/{payoutId}";
    const string Order = "/v1/admin/payout-orders/{orderId:long}";
    const int LimitDefault = 50;
    const int TextCharsMax = 1_000;
    const int IdCharsMax = 128;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<HeldPayoutEndpoints>();
        routes.MapDocumentedGet<StaffPayoutList>(All, endpoints.ListAsync, "Payouts of a state (held), the longest waiting first; filters: state, cause, tenant, claimed_by, age_min, after, limit");
        routes.MapDocumentedGet<PayoutStoryView>(One, endpoints.GetAsync, "One payout with its steps, orders and notes");
        routes.MapAdminPost<PayoutNoteBody>($"{One}/notes", endpoints.NoteAsync, "Writes a note down").Produces<PayoutStoryView>();
        routes.MapAdminPost<WhyBody>($"{One}/claim", http => endpoints.ClaimAsync(http, takes: true), "Takes a held payout on").Produces<PayoutStoryView>();
        routes.MapAdminPost<WhyBody>($"{One}/unclaim", http => endpoints.ClaimAsync(http, takes: false), "Gives one's claim up").Produces<PayoutStoryView>();
        routes.MapAdminPost<PayoutOrderBody>($"{One}/orders", endpoints.ProposeAsync, "Orders what another person shall decide: resume, reroute, not_paid, paid_outside, forfeit, roll_back")
            .Produces<PayoutOrderView>(StatusCodes.Status201Created);
        MapStep("approve", ChangeStep.Approve, "Approves another person's order; it is carried out at once");
        MapStep("reject", ChangeStep.Reject, "Refuses another person's order");
        MapStep("withdraw", ChangeStep.Withdraw, "Takes one's own order back");

        void MapStep(string word, ChangeStep step, string summary) =>
            routes.MapAdminPost<WhyBody>($"{Order}/{word}", http => endpoints.DecideAsync(http, step), summary).Produces<PayoutOrderView>();
    }

    async Task ListAsync(HttpContext http)
    {
        if (Filter(http.Request.Query, out var fault) is { } filter)
        {
            await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, await queue.ListAsync(filter, http.RequestAborted), PayoutJson.Default.StaffPayoutList);
            return;
        }

        await Problem.WriteAsync(http, Refusal.FieldInvalid, fault);
    }

    static PayoutFilter? Filter(IQueryCollection query, out string fault)
    {
        string? Text(string name) => query[name] is { Count: > 0 } text ? text.ToString() : null;

        fault = "";
        var state = PayoutState.Held;
        if (Text("state") is { } word && (!WireNames.TryParse(word, out state) || !PayoutQueue.States.Contains(state)))
        {
            fault = $"'state' must be one of {string.Join(", ", PayoutQueue.States.Select(WireNames.Of))}";
            return null;
        }

        HoldCause? cause = null;
        if (Text("cause") is { } name)
        {
            if (!WireNames.TryParse<HoldCause>(name, out var known))
            {
                fault = $"'cause' must be one of {string.Join(", ", Enum.GetValues<HoldCause>().Select(WireNames.Of))}";
                return null;
            }

            cause = known;
        }

        if (Number(query, "age_min", 0, int.MaxValue, 0) is not { } age || Number(query, "limit", 1, PayoutQueue.RowsMax, LimitDefault) is not { } limit)
        {
            fault = $"'age_min' must be a number of seconds, 'limit' 1 to {PayoutQueue.RowsMax}";
            return null;
        }

        return new PayoutFilter(state, cause, Text("tenant"), Text("claimed_by"), age == 0 ? null : TimeSpan.FromSeconds(age), Text("after"), limit);
    }

    static int? Number(IQueryCollection query, string name, int min, int max, int without) =>
        query[name].Count == 0 ? without
        : int.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : null;

    async Task GetAsync(HttpContext http)
    {
        if (await queue.FindAsync(AdminRequests.Route(http, "payoutId"), http.RequestAborted) is { } story)
        {
            await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, story, PayoutJson.Default.PayoutStoryView);
            return;
        }

        await AdminRequests.RefuseAsync(http, HeldPayoutRefusals.Unknown);
    }

    async Task NoteAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not { } person || await AdminRequests.BodyAsync(http, PayoutJson.Default.PayoutNoteBody) is not { } body)
        {
            return;
        }

        if (body.Text?.Trim() is not { Length: > 0 and <= TextCharsMax } text)
        {
            await Problem.WriteAsync(http, Refusal.FieldMissing, $"'text' must have 1 to {TextCharsMax} characters");
            return;
        }

        var payoutId = AdminRequests.Route(http, "payoutId");
        await using var rows = ShardRows.Of(database);
        if (await rows.Set<PayoutRow>().AnyAsync(payout => payout.PayoutId == payoutId, http.RequestAborted))
        {
            rows.Add(new PayoutNote(payoutId, person, text));
            await rows.SaveChangesAsync(http.RequestAborted);
        }

        await GetAsync(http);
    }

    /// <summary>A claim says who works on it and stops nobody; whoever claims last has it.</summary>
    async Task ClaimAsync(HttpContext http, bool takes)
    {
        if (await StaffUser.OfAsync(http) is not { } person || await AdminRequests.OptionalWhyAsync(http) is not { } why)
        {
            return;
        }

        var payoutId = AdminRequests.Route(http, "payoutId");
        await using (var connection = await database.OpenConnectionAsync(http.RequestAborted))
        await using (var transaction = await connection.BeginTransactionAsync(http.RequestAborted))
        {
            await using var rows = ShardRows.In(transaction);
            var changed = await rows.Set<PayoutRow>()
                .Where(payout => payout.PayoutId == payoutId && payout.State == WireNames.Of(PayoutState.Held) && (takes || payout.ClaimedBy == person))
                .ExecuteUpdateAsync(set => set.SetProperty(payout => payout.ClaimedBy, takes ? person : null), http.RequestAborted);
            if (changed == 0 && await rows.Set<PayoutRow>().AnyAsync(payout => payout.PayoutId == payoutId, http.RequestAborted))
            {
                await AdminRequests.RefuseAsync(http, new Refused(Refusal.NotInThisState, takes ? "the payout is not held" : "the payout is not held, or somebody else has claimed it"));
                return;
            }

            if (changed > 0)
            {
                await audit.AppendAsync(transaction, new AuditedStep(
                    $"payout {payoutId}", takes ? "claim" : "unclaim", person, why.Length > 0 ? why : takes ? "works on it" : "gives it up"), http.RequestAborted);
                await transaction.CommitAsync(http.RequestAborted);
            }
        }

        await GetAsync(http);
    }

    async Task ProposeAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not { } person || await AdminRequests.BodyAsync(http, PayoutJson.Default.PayoutOrderBody) is not { } body
            || await AdminRequests.WhyAsync(http, body.Why) is not { } why)
        {
            return;
        }

        if (!WireNames.TryParse<HeldAction>(body.Action, out var action))
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'action' must be one of {string.Join(", ", Enum.GetValues<HeldAction>().Select(WireNames.Of))}");
            return;
        }

        if (new[] { body.Evidence, body.Beneficiary }.Any(text => text?.Length > TextCharsMax)
            || new[] { body.Account?.TenantId, body.Account?.PlayerId }.Any(text => text?.Length > IdCharsMax))
        {
            await Problem.WriteAsync(http, Refusal.FieldTooLong, $"'evidence' and 'beneficiary' have at most {TextCharsMax} characters, ids at most {IdCharsMax}");
            return;
        }

        var account = action == HeldAction.Reroute ? body.Account : null;
        var verdict = await handler.ProposeAsync(
            new PayoutOrder(
                AdminRequests.Route(http, "payoutId"), WireNames.Of(action), body.Evidence, account?.TenantId, account?.PlayerId,
                action == HeldAction.Forfeit ? body.Beneficiary : null, PayoutOrder.Proposed, person, why),
            http.RequestAborted);
        if (await AdminRequests.TakenAsync(http, verdict))
        {
            var order = verdict.Result!;
            await AdminRequests.WriteAsync(http, StatusCodes.Status201Created, order.ToView(), PayoutJson.Default.PayoutOrderView, $"/v1/admin/payouts/{order.PayoutId}");
        }
    }

    async Task DecideAsync(HttpContext http, ChangeStep step)
    {
        if (await StaffUser.OfAsync(http) is not { } person || await AdminRequests.OptionalWhyAsync(http) is not { } why)
        {
            return;
        }

        var orderId = long.Parse(AdminRequests.Route(http, "orderId"), CultureInfo.InvariantCulture);
        var verdict = await handler.DecideAsync(orderId, step, person, why, http.RequestAborted);
        if (await AdminRequests.TakenAsync(http, verdict))
        {
            var order = verdict.Result!;
            await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, order.ToView(), PayoutJson.Default.PayoutOrderView);
            if (order.Status == PayoutOrder.Done && order.ToRules().Action is HeldAction.Resume or HeldAction.Reroute)
            {
                await starter.TryStartAsync(order.PayoutId);
            }
        }
    }
}
