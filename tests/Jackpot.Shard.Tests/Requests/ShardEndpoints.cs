using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Shard.Tests.ExternalTriggers;
using Jackpot.Shard.Tests.Changes;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit.Fuzzing;

namespace Jackpot.Shard.Tests.Requests;

/// <summary>
/// A good request for every endpoint of the shard, by the verb and pattern that the route table has. Each stands on what <see cref="CreateJackpotsAsync"/>
/// made, so that it gets past the first look.
/// </summary>
internal sealed class ShardEndpoints(TestLedger ledger)
{
    /// <summary>Nobody but good bets touches it.</summary>
    public const string Untouched = "untouched";

    const string Plain = "plain";
    const string Why = """{"why":"a reason"}""";
    static readonly KeyValuePair<string, string>[] Both = [new("X-Tenant-Id", TestLedger.Tenant), new("X-Person", "anna"), new("Content-Type", "application/json")];

    int _keys;

    /// <summary>Endpoints whose answer 500 or 503 is their word for something else than a fault of reading, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> MayFail = new Dictionary<string, string>
    {
        ["DELETE /actors/{actorTypeName}/{actorId}"] = "500 is the SDK's word for an actor type that is not this application's",
        ["PUT /actors/{actorTypeName}/{actorId}/method/{methodName}"] = "500 carries the exception of an actor's method to its caller, as Dapr's protocol wants",
        ["PUT /actors/{actorTypeName}/{actorId}/method/remind/{reminderName}"] = "500 tells the scheduler that the tick failed",
        ["PUT /actors/{actorTypeName}/{actorId}/method/timer/{timerName}"] = "500 tells the scheduler that the tick failed",
    };

    /// <summary>Jackpots of each kind, a template, a change, a transfer and held contributions.</summary>
    public async Task CreateJackpotsAsync(TestEndpoints endpoints)
    {
        foreach (var definition in new[] { TestLedger.Quiet(Untouched), TestLedger.Quiet(Plain), TriggerKit.External("ext"), TriggerKit.Raffle("raffle", 2), StaffSteps.TwoTiers("tiers"), Limited })
        {
            await ledger.CreateJackpotAsync(definition);
        }

        for (var i = 0; i < 3; i++)
        {
            (await endpoints.SendAsync(BetBody.Json(ledger, $"held-{i}", "limited", BetBody.Bet("101")))).Is(202);
            (await endpoints.SendAsync(BetBody.Json(ledger, $"ticket-{i}", "raffle", BetBody.Bet("5")))).Is(200);
        }

        (await endpoints.PutAsync("/v1/admin/templates/daily", Template.ToJson(), StaffSteps.Author)).Is(200);
        for (var i = 0; i < 4; i++)
        {
            await endpoints.DraftedAsync(TestLedger.Quiet(Plain) with { Name = $"Plain {i}" });
        }
    }

    /// <summary>
    /// The body of a bet that nobody sent yet. Bets that are to be recorded whatever was sent before are of another <paramref name="kind"/> than those
    /// that are spoiled: a spoiled "fuzz-39" may well have been "fuzz-395".
    /// </summary>
    public string Bet(string jackpot, string player = "player-1", string kind = "fuzz") => BetBody.Json(ledger, $"{kind}-{_keys++}", jackpot, ("player_id", $"\"{player}\""),
        ("player_country", "\"MT\""), ("segments", """["vip","new"]"""));

    public static string Batch(params IEnumerable<string> items) => $$"""{"contributions":[{{string.Join(',', items)}}]}""";

    public static string Event(string id, string data) => $$"""{"id":"{{id}}","specversion":"1.0","type":"com.dapr.event.sent","source":"operator","datacontenttype":"application/json","data":{{data}}}""";

    public static string Delivery(params IEnumerable<(string Entry, string Event)> entries) =>
        $$"""{"id":"d","topic":"bets","pubsubname":"pubsub","entries":[{{string.Join(',', entries.Select(entry => $$"""{"metadata":{},"contentType":"application/cloudevents+json","entryId":"{{entry.Entry}}","event":{{entry.Event}} }"""))}}]}""";

    /// <summary>Good requests of an endpoint; null when this list has forgotten it.</summary>
    public IEnumerable<FuzzRequest>? Of(string endpoint) => endpoint switch
    {
        "GET /healthz" or "GET /readyz" or "GET /metrics" or "GET /dapr/config" or "GET /dapr/subscribe" => [Get(endpoint[4..])],
        "GET /openapi/{documentName}.json" => [Get("/openapi/v1.json")],
        "POST /v1/jp/contributions" => [Post("/v1/jp/contributions", Bet(Plain)), Post("/v1/jp/contributions", Sourced), Post("/v1/jp/contributions", WithContribution)],
        "POST /v1/jp/contributions/batch" => [Post("/v1/jp/contributions/batch", Batch(Bet(Plain), Bet(Plain), Sourced))],
        "POST /v1/jp/contributions/{id}/void" =>
            [Post($"/v1/jp/contributions/fuzz-{_keys++}/void", $$"""{"idempotency_key":"v-{{_keys++}}","tenant_id":"brand-42","amount":{"amount":0.50,"currency":"EUR"},"reason":"rolled back"}""")],
        "POST /v1/admin/refunds" => [Post("/v1/admin/refunds", """{"why":"a fault","jackpot_id":"plain","tenant_id":"brand-42","game_id":"game-1","from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}"""),
            Post("/v1/admin/refunds", """{"why":"too late","contribution_id":"c-1","tenant_id":"brand-42","amount":{"amount":1,"currency":"EUR"}}""")],
        "GET /v1/admin/refunds" => [Get("/v1/admin/refunds")],
        "GET /v1/admin/refunds/{refundId:long}" => [Get("/v1/admin/refunds/1")],
        "POST /v1/admin/refunds/{refundId:long}/approve" or "POST /v1/admin/refunds/{refundId:long}/reject" or "POST /v1/admin/refunds/{refundId:long}/withdraw" =>
            [Post(endpoint[5..].Replace("{refundId:long}", "1", StringComparison.Ordinal), Why)],
        "POST /jackpot/{jackpotId}/contribute" => [Post("/jackpot/plain/contribute", Bet(Plain))],
        "POST /v1/jp/candidates" => [Post("/v1/jp/candidates", Bet(Plain))],
        "POST /v1/jp/triggers" => [Post("/v1/jp/triggers", TriggerKit.Trigger($"t-{_keys++}", "ext-main", "a", "b"))],
        "POST /jackpot/{jackpotId}/award" => [Post("/jackpot/ext/award", TriggerKit.Trigger($"t-{_keys++}", null, "a"))],
        "POST /v1/admin/pools/{poolId}/draw" => [Post("/v1/admin/pools/raffle-main/draw", $$"""{"draw_id":"d-{{_keys++}}","why":"the evening's draw"}""")],
        "POST /events/bets" or "POST /internal/bets" => [Post(endpoint[5..], Delivery(("0", Event("e0", Bet(Plain))), ("1", Event("e1", Sourced))))],
        "GET /v1/optin" or "DELETE /v1/optin" => [Send(endpoint.Split(' ')[0], "/v1/optin?player_id=player-1&jackpot_id=plain", null)],
        "POST /v1/optin" =>
            [Post("/v1/optin", """{"tenant_id":"brand-42","player_id":"player-1","jackpot_id":"plain","consent_version":1,"preferred_stake":{"amount":0.10,"currency":"EUR"}}""")],
        "GET /v1/players/{playerId}/standing" => [Get("/v1/players/player-1/standing")],
        "GET /v1/players/standing" => [Get("/v1/players/standing?player_id=player-1")],
        "PUT /v1/players/{playerId}/standing" => [Send("PUT", "/v1/players/player-1/standing", """{"standing":"good"}""")],
        "PUT /v1/players/standing" => [Send("PUT", "/v1/players/standing", """{"standing":"house_account","player_id":"a/b"}""")],
        "GET /v1/admin/quarantine" => [Get("/v1/admin/quarantine?status=held")],
        "POST /v1/admin/quarantine/{id:long}/release" => [Post($"/v1/admin/quarantine/{1 + (_keys++ % 3)}/release", Why)],
        "POST /v1/admin/quarantine/{id:long}/refuse" => [Post($"/v1/admin/quarantine/{1 + (_keys++ % 3)}/refuse", Why)],
        "GET /v1/admin/parked-rows" => [Get("/v1/admin/parked-rows?source=outbox&after=0")],
        "POST /v1/admin/parked-rows/{id:long}/release" or "POST /v1/admin/parked-rows/{id:long}/discard" => [Post(endpoint[5..].Replace("{id:long}", "1", StringComparison.Ordinal), Why)],
        "GET /v1/admin/rejected" => [Get("/v1/admin/rejected?state=waiting&topic=bets&tenant=brand-42&reason=pool-unknown&after=0&limit=10")],
        "GET /v1/admin/rejected/{id:long}" => [Get($"/v1/admin/rejected/{1 + (_keys++ % 4)}")],
        "POST /v1/admin/rejected/{id:long}/retry" => [Post($"/v1/admin/rejected/{1 + (_keys++ % 4)}/retry", $$"""{"why":"a reason","body":{{Bet(Plain)}}}""")],
        "POST /v1/admin/rejected/{id:long}/drop" => [Post($"/v1/admin/rejected/{1 + (_keys++ % 4)}/drop", Why)],
        "POST /events/dead/bets" => [Post("/events/dead/bets", Event("d0", Bet(Plain)))],
        "POST /events/dead/events" => [Post("/events/dead/events", Event("d1", """{"tenant_id":"brand-42"}"""))],
        "POST /internal/batchers/{batcher}/batches" => [Post("/internal/batchers/lane-0/batches", "a batch of a replica that shows no token")],
        "PUT /v1/admin/jackpots/{jackpotId}" => [NewJackpot],
        "POST /v1/admin/jackpots/{jackpotId}/changes" => [Post("/v1/admin/jackpots/plain/changes", $$"""{"after":{{Rich(Plain).ToJson()}},"why":"campaign"}""")],
        "POST /v1/admin/jackpots/{jackpotId}/transfer" => [Post("/v1/admin/jackpots/plain/transfer", """{"why":"it ends","pools":{"plain-main":"tiers-slow"}}""")],
        "GET /v1/admin/jackpots/{jackpotId}/changes" or "GET /v1/admin/jackpots/{jackpotId}/transfers" or "GET /v1/audit/jackpots/{jackpotId}/replay" or "GET /v1/audit/jackpots/{jackpotId}"
            or "GET /v1/jp/jackpots/{jackpotId}" or "GET /jackpot/{jackpotId}" or "GET /v1/jp/jackpots/{jackpotId}/awards" or "GET /v1/jp/jackpots/{jackpotId}/cycles"
            or "GET /v1/jp/jackpots/{jackpotId}/commitments" or "GET /v1/jp/jackpots/{jackpotId}/rules" => [Get(endpoint[4..].Replace("{jackpotId}", Plain, StringComparison.Ordinal))],
        "GET /v1/admin/changes/{changeId:long}" or "GET /v1/admin/transfers/{transferId:long}" => [Get(endpoint[4..].Split('{')[0] + (1 + (_keys++ % 4)))],
        "GET /v1/admin/payouts" => [Get("/v1/admin/payouts?state=held&cause=wallet_refused&tenant=brand-42&claimed_by=anna&age_min=5&limit=10")],
        "GET /v1/admin/wallet-credits" => [Get("/v1/admin/wallet-credits?tenant=brand-42&from=2026-11-30T00:00:00Z&until=2026-12-01T00:00:00Z&limit=10"),
            Get("/v1/admin/wallet-credits?tenant=brand-42&payouts=payout-1,payout-2")],
        "GET /v1/admin/payouts/{payoutId}" => [Get("/v1/admin/payouts/payout-59397b79047b6c5a864a48d2d707d43a")],
        "POST /v1/admin/payouts/{payoutId}/notes" => [Post("/v1/admin/payouts/payout-1/notes", """{"text":"the operator was called"}""")],
        "POST /v1/admin/payouts/{payoutId}/claim" or "POST /v1/admin/payouts/{payoutId}/unclaim" => [Post(endpoint[5..].Replace("{payoutId}", "payout-1", StringComparison.Ordinal), Why)],
        "POST /v1/admin/payouts/{payoutId}/orders" =>
            [Post("/v1/admin/payouts/payout-1/orders", """{"action":"reroute","why":"a reason","evidence":"letter 17","account":{"tenant_id":"brand-42","player_id":"player-1"}}""")],
        "GET /v1/admin/templates/{templateId}" => [Get("/v1/admin/templates/daily")],
        "PUT /v1/admin/templates/{templateId}" => [Send("PUT", "/v1/admin/templates/daily", Template.ToJson())],
        "POST /v1/admin/templates/{templateId}/instances" => [Post("/v1/admin/templates/daily/instances", $$"""{"jackpot_id":"day-{{_keys++ % 5}}","name":"A day","tenants":["brand-42"]}""")],
        "POST /v1/admin/templates/{templateId}/personal-pots" => [Post("/v1/admin/templates/daily/personal-pots", $$"""{"tenant_id":"brand-42","player_id":"player-{{_keys++ % 5}}"}""")],
        "GET /v1/jp/pools" => [Get("/v1/jp/pools?jackpot=plain&currency=EUR&brand=brand-42&display=SEK")],
        "GET /v1/jp/pools/{poolId}" => [Get("/v1/jp/pools/plain-main")],
        "GET /v1/awards" or "GET /v1/admin/awards" => [Get(endpoint[4..] + "?player=player-1&game=game-1&round=r&contribution=c&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&limit=10")],
        "GET /v1/awards/{awardId}" => [Get("/v1/awards/59397b79047b6c5a864a48d2d707d43a")],
        "GET /v1/audit/pools/{poolId}/cycles/{cycle:long}/export" => [Get("/v1/audit/pools/ext-main/cycles/1/export")],
        "GET /v1/audit/log" => [Get("/v1/audit/log?after=0&limit=10")],
        "GET /v1/audit/seals" => [Get("/v1/audit/seals?after=0")],
        "GET /v1/audit/key" => [Get("/v1/audit/key")],
        "GET /v1/audit/log/verify" => [Get("/v1/audit/log/verify")],
        "GET /v1/audit/balancing" => [Get("/v1/audit/balancing?by=day&jackpot=plain&from=2026-01-01&to=2026-01-31"), Get("/v1/audit/balancing?by=tenant")],
        "GET /v1/audit/reports" => [Get("/v1/audit/reports?name=transactions")],
        "GET /v1/audit/reports/versions/{id:long}" => [Get("/v1/audit/reports/versions/1")],
        "GET /v1/audit/reports/{name}" => [.. Jackpot.Regulator.Reports.ReportCatalog.All.Keys.Select(name => Get($"/v1/audit/reports/{name}?interval=ytd&tenant=brand-42&player=player-1&format=json"))],
        "PUT /actors/{actorTypeName}/{actorId}/method/{methodName}" => [Send("PUT", $"/actors/{ActorType}/plain/method/ClaimAsync", "x")],
        "PUT /actors/{actorTypeName}/{actorId}/method/remind/{reminderName}" or "PUT /actors/{actorTypeName}/{actorId}/method/timer/{timerName}" =>
            [Send("PUT", endpoint[4..].Replace("{actorTypeName}", ActorType, StringComparison.Ordinal).Replace("{actorId}", Plain, StringComparison.Ordinal)
                .Replace("{reminderName}", "tick", StringComparison.Ordinal).Replace("{timerName}", "tick", StringComparison.Ordinal),
                """{"callback":"Tick","data":"eA==","dueTime":"1s","period":"2s"}""")],
        "DELETE /actors/{actorTypeName}/{actorId}" => [Send("DELETE", $"/actors/{ActorType}/plain", null)],
        "POST /job/{jobName}" => [Post("/job/no-such-job", "{}")],
        _ when endpoint.StartsWith("POST /job/archive-", StringComparison.Ordinal) || endpoint.StartsWith("POST /job/reconcile-", StringComparison.Ordinal) => [Post(endpoint[5..], "{}")],
        _ when Step(endpoint) is { } step => [step],
        _ => null,
    };

    const string ActorType = "JackpotActor-" + TestLedger.Shard;

    static JackpotDefinition Limited => TestLedger.Quiet("limited") with { Limits = new LimitsDefinition(StakeMicrosMax: 100_000_000) };

    static JackpotDefinition Template => StaffSteps.TwoTiers("daily") with
    {
        Tenants = [],
        Pools = [StaffSteps.TwoTiers("daily").Pools[0] with { PoolId = "mini" }, StaffSteps.TwoTiers("daily").Pools[1] with { PoolId = "grand" }],
    };

    public static JackpotDefinition Rich(string id) => TestLedger.Quiet(id) with
    {
        Eligibility = new EligibilityDefinition(
            Countries: ["MT"], Games: ["game-1"], Segments: ["vip"], Bands: [new StakeBandDefinition("EUR", 100_000, 5_000_000)], ConsentVersion: 1,
            From: new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Until: new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        Limits = new LimitsDefinition(100_000_000, 200_000_000, 60),
        Sources = [new SourceDefinition(Core.Links.SourceKind.Vertical, "slots")],
    };

    string Sourced => BetBody.Json(ledger, $"fuzz-{_keys++}", null, ("sources", """[{"kind":"vertical","name":"slots"},{"kind":"game","name":"game-1"}]"""));

    string WithContribution => BetBody.Json(ledger, $"fuzz-{_keys++}", Plain, ("contrib", """{"amount":0.25,"currency":"EUR"}"""));

    FuzzRequest NewJackpot
    {
        get
        {
            var id = $"made-{_keys++ % 50}";
            return Send("PUT", "/v1/admin/jackpots/" + id, Rich(id).ToJson());
        }
    }

    /// <summary>A step of staff on something with a number or a name: the body is a reason.</summary>
    FuzzRequest? Step(string endpoint)
    {
        string[] steps = ["/pause", "/resume", "/decommission", "/propose", "/approve", "/reject", "/withdraw"];
        return endpoint.StartsWith("POST /v1/admin/", StringComparison.Ordinal) && steps.Any(step => endpoint.EndsWith('}' + step, StringComparison.Ordinal))
            ? Post(endpoint[5..].Replace("{jackpotId}", "tiers", StringComparison.Ordinal).Replace("{changeId:long}", $"{1 + (_keys++ % 4)}", StringComparison.Ordinal)
                .Replace("{transferId:long}", "1", StringComparison.Ordinal).Replace("{orderId:long}", "1", StringComparison.Ordinal), Why)
            : null;
    }

    static FuzzRequest Get(string target) => Send("GET", target, null);

    static FuzzRequest Post(string target, string body) => Send("POST", target, body);

    static FuzzRequest Send(string verb, string target, string? body) => new(verb, target, body is null ? null : System.Text.Encoding.UTF8.GetBytes(body), Both);
}
