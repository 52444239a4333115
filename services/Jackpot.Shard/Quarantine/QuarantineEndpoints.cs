using System.Globalization;
using Jackpot.Core.Ids;
using Jackpot.Core.Limits;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Requests;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Quarantine;

/// <summary>Where staff look at contributions over a limit, and decide over them: once, by name, with a reason.</summary>
internal sealed class QuarantineEndpoints(QuarantineStore store, QuarantineRelease release, JackpotDirectory jackpots)
{
    const int RowsMax = 200;
    const int WhyCharsMax = 1_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<QuarantineEndpoints>();
        routes.MapGet("/v1/admin/quarantine", (RequestDelegate)endpoints.ListAsync);
        routes.MapPost("/v1/admin/quarantine/{id:long}/release", (RequestDelegate)(http => endpoints.DecideAsync(http, QuarantineRules.Release)));
        routes.MapPost("/v1/admin/quarantine/{id:long}/refuse", (RequestDelegate)(http => endpoints.DecideAsync(http, QuarantineRules.Refuse)));
    }

    /// <summary>The oldest entries of a status, held when none is asked for.</summary>
    async Task ListAsync(HttpContext http)
    {
        var status = http.Request.Query["status"].FirstOrDefault() ?? QuarantineEntry.Held;
        if (!QuarantineEntry.Statuses.Contains(status))
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'status' must be one of {string.Join(", ", QuarantineEntry.Statuses)}");
            return;
        }

        var rows = await store.ListAsync<(QuarantineView? View, UnreadableEntry? Unreadable)>(
            status, RowsMax, entry => (ViewOf(entry), null), unreadable => (null, unreadable), http.RequestAborted);
        var faults = rows.Select(row => row.Unreadable).OfType<UnreadableEntry>().ToList();
        await JsonBody.WriteAsync(
            http, new QuarantineList([.. rows.Select(row => row.View).OfType<QuarantineView>()], faults.Count == 0 ? null : faults), QuarantineJson.Default.QuarantineList);
    }

    async Task DecideAsync(HttpContext http, Func<QuarantinedContribution, string, string, QuarantineOutcome> decide)
    {
        if (await StaffUser.OfAsync(http) is not { } staffUser || await JsonBody.ReadAsync(http, QuarantineJson.Default.WhyBody) is not { } body)
        {
            return;
        }

        if (await FindAsync(http) is not { } entry)
        {
            return;
        }

        var outcome = decide(Known(entry), staffUser, body.Why is { Length: <= WhyCharsMax } why ? why : "");
        if (outcome.Answer == QuarantineAnswer.ReasonMissing)
        {
            await Problem.WriteAsync(http, Refusal.FieldMissing, $"'why' must say in 1 to {WhyCharsMax} characters why this is decided so");
        }
        else if (outcome.Answer == QuarantineAnswer.AlreadyDecided || !await store.DecideAsync(outcome.Entry, entry.Id, http.RequestAborted))
        {
            await Problem.WriteAsync(http, Refusal.QuarantineDecided, $"the entry is not held any more; GET /v1/admin/quarantine lists what is");
        }
        else
        {
            await AnswerAsync(http, entry, outcome.Entry.Status);
        }
    }

    /// <summary>The entry that the address names. Null when there is none that can be shown and decided over; then the answer is written.</summary>
    async Task<QuarantineEntry?> FindAsync(HttpContext http)
    {
        try
        {
            if (await store.FindAsync(IdOf(http), http.RequestAborted) is { } entry)
            {
                _ = ViewOf(entry);
                return entry;
            }

            await Problem.WriteAsync(http, Refusal.NotFound, "no entry of that id is in the quarantine");
        }
#pragma warning disable CA1031 // The edge of a row: whoever decides over it is told what is wrong with it.
        catch (Exception fault) when (!RowFault.IsOutage(fault))
#pragma warning restore CA1031
        {
            await Problem.WriteAsync(http, Refusal.NotInThisState, $"the entry cannot be read, so nobody can decide over it: {fault.Message}");
        }

        return null;
    }

    async Task AnswerAsync(HttpContext http, QuarantineEntry entry, QuarantineStatus decided)
    {
        if (decided == QuarantineStatus.Released)
        {
            await release.RecordAsync(entry, http.RequestAborted);
        }

        await JsonBody.WriteAsync(http, ViewOf((await store.FindAsync(entry.Id, http.RequestAborted))!), QuarantineJson.Default.QuarantineView);
    }

    static QuarantinedContribution Known(QuarantineEntry entry)
    {
        var held = QuarantineRules.Hold(
            ContributionId.Parse(entry.Contribution.ContributionId), TenantId.Parse(entry.Contribution.TenantId), entry.Contribution.StakeMicros, entry.Reason);
        return entry.Status switch
        {
            QuarantineEntry.Held => held,
            QuarantineEntry.Refused => held with { Status = QuarantineStatus.Refused },
            _ => held with { Status = QuarantineStatus.Released },
        };
    }

    QuarantineView ViewOf(QuarantineEntry entry)
    {
        var jackpot = jackpots.ByNumber(entry.Contribution.Jackpot);
        return new QuarantineView(
            entry.Id, entry.Status, WireNames.Of(entry.Reason), jackpot?.Config.Id.Value ?? "", entry.Contribution.TenantId, entry.Contribution.ContributionId,
            entry.Contribution.PlayerId, entry.Contribution.GameId, entry.Contribution.RoundId,
            new(entry.Contribution.BetMicros, Core.Amounts.Currency.Parse(entry.Contribution.BetCurrency)),
            new DateTimeOffset(entry.Contribution.OccurredAtTicks, TimeSpan.Zero), new DateTimeOffset(entry.Contribution.ReceivedAtTicks, TimeSpan.Zero), entry.DecidedBy, entry.Why, entry.DecidedAt);
    }

    static long IdOf(HttpContext http) => long.Parse((string)http.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
}
