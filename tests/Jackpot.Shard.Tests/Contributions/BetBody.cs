using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jackpot.Shard.Tests.Contributions;

/// <summary>A bet of EUR 2.00 of player-1, as an operator's platform sends it, with fields changed or taken away (null).</summary>
internal static class BetBody
{
    public static string Json(TestLedger ledger, string key, string? jackpot, params (string Field, string? Json)[] changes)
    {
        var body = new JsonObject
        {
            ["jp_contrib_id"] = "c-" + key,
            ["tenant_id"] = TestLedger.Tenant,
            ["player_id"] = "player-1",
            ["game_id"] = "game-1",
            ["round_id"] = "round-" + key,
            ["bet"] = Money("2.00"),
            ["occurred_at"] = JsonSerializer.SerializeToNode(ledger.Clock.GetUtcNow()),
            ["idempotency_key"] = key,
        };
        if (jackpot is not null)
        {
            body["jackpot_id"] = jackpot;
        }

        foreach (var (field, json) in changes)
        {
            body.Remove(field);
            if (json is not null)
            {
                body[field] = JsonNode.Parse(json);
            }
        }

        return body.ToJsonString();
    }

    public static JsonNode Money(string amount, string currency = "EUR") => JsonNode.Parse($$"""{"amount":{{amount}},"currency":"{{currency}}"}""")!;

    public static (string Field, string? Json) Bet(string amount, string currency = "EUR") => ("bet", Money(amount, currency).ToJsonString());

    public static Task<EndpointAnswer> SendAsync(this TestEndpoints endpoints, string json) =>
        endpoints.PostAsync("/v1/jp/contributions", json, tenant: TestLedger.Tenant);

    public static Task<EndpointAnswer> SendBatchAsync(this TestEndpoints endpoints, params string[] items) =>
        endpoints.PostAsync("/v1/jp/contributions/batch", $$"""{"contributions":[{{string.Join(",", items)}}]}""", tenant: TestLedger.Tenant);

    /// <summary>The <c>reason</c> of a problem of this type.</summary>
    public static string? Reason(this EndpointAnswer answer, int status, string type)
    {
        answer.IsProblem(status, type);
        return answer.Json.GetProperty("reason").GetString();
    }

    public static Task<long> StoredAsync(this TestLedger ledger) => ledger.ScalarAsync<long>("SELECT count(*) FROM contribution");

    /// <summary>Puts other terms in force, as an approved change that does not touch money does.</summary>
    public static async Task ReplaceAsync(this TestLedger ledger, Jackpot.Contracts.Jackpots.JackpotDefinition definition)
    {
        await using var command = ledger.Database.CreateCommand(
            "UPDATE jackpot_terms t SET definition = $2 FROM jackpot j WHERE j.id = t.jackpot AND j.config_version = t.version AND j.jackpot_id = $1");
        command.Parameters.Add(new Npgsql.NpgsqlParameter<string> { TypedValue = definition.JackpotId });
        command.Parameters.Add(new Npgsql.NpgsqlParameter<string> { TypedValue = definition.ToJson(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb });
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        await ledger.Directory.ReloadAsync(TestContext.Current.CancellationToken);
    }

    public static Task StandAsync(this TestEndpoints endpoints, string status, string player = "player-1") =>
        endpoints.PutAsync($"/v1/players/{player}/standing", $$"""{"standing":"{{status}}"}""", tenant: TestLedger.Tenant).ContinueWith(
            put => put.Result.Is(200), TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
}
