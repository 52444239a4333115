using System.Text.Json;
using Jackpot.Contracts.Jackpots;

namespace Jackpot.Shard.Tests.Changes;

/// <summary>What staff do at the endpoints: anna writes, ben decides.</summary>
internal static class StaffSteps
{
    public const string Author = "anna";
    public const string Other = "ben";

    /// <summary>Two tiers: the first falls between EUR 10 and 12 and grows by a tenth of the stake, the second falls to a stake of EUR 1,000,000 for sure and to others hardly ever.</summary>
    public static JackpotDefinition TwoTiers(string id) => new(id, "Test " + id, TestLedger.Shard, "EUR", [TestLedger.Tenant],
    [
        new PoolDefinition(id + "-fast", 100_000, 25_000, 1_000_000, null, new MustDropByAmountDefinition(10_000_000, 12_000_000)),
        new PoolDefinition(id + "-slow", 50_000, 10_000, 1_000_000_000, 2_000_000_000, new RandomTriggerDefinition(SureStake)),
    ]);

    /// <summary>A stake that drops every pool of <see cref="TwoTiers"/>.</summary>
    public const long SureStake = 1_000_000_000_000;

    public static JackpotDefinition WithPool(this JackpotDefinition definition, int tier, Func<PoolDefinition, PoolDefinition> change) =>
        definition with { Pools = definition.Pools.SetItem(tier, change(definition.Pools[tier])) };

    public static Task<EndpointAnswer> DraftAsync(this TestEndpoints endpoints, JackpotDefinition after, string staffUser = Author, string why = "campaign", string? of = null) =>
        endpoints.PostAsync($"/v1/admin/jackpots/{of ?? after.JackpotId}/changes", $$"""{"after":{{after.ToJson()}},"why":"{{why}}"}""", staffUser);

    /// <summary>The number of a fresh draft.</summary>
    public static async Task<long> DraftedAsync(this TestEndpoints endpoints, JackpotDefinition after) =>
        (await endpoints.DraftAsync(after)).Is(201).GetProperty("change_id").GetInt64();

    /// <summary>The number of a fresh proposal.</summary>
    public static async Task<long> ProposedAsync(this TestEndpoints endpoints, JackpotDefinition after)
    {
        var id = await endpoints.DraftedAsync(after);
        (await endpoints.StepAsync(id, "propose", Author)).Is(200);
        return id;
    }

    public static Task<EndpointAnswer> StepAsync(this TestEndpoints endpoints, long change, string step, string staffUser, string? why = null) =>
        endpoints.PostAsync($"/v1/admin/changes/{change}/{step}", why is null ? null : $$"""{"why":"{{why}}"}""", staffUser);

    /// <summary>Writes, proposes and approves; answers the approved change.</summary>
    public static async Task<JsonElement> AgreedAsync(this TestEndpoints endpoints, JackpotDefinition after) =>
        (await endpoints.StepAsync(await endpoints.ProposedAsync(after), "approve", Other)).Is(200);

    public static async Task<JsonElement> ChangeAsync(this TestEndpoints endpoints, JsonElement change) =>
        (await endpoints.GetAsync($"/v1/admin/changes/{change.GetProperty("change_id").GetInt64()}")).Is(200);

    public static JsonElement Field(this JsonElement change, string name) =>
        change.GetProperty("fields").EnumerateArray().Single(field => field.GetProperty("field").GetString() == name);

    public static string StatusWord(this JsonElement of) => of.GetProperty("status").GetString()!;

    /// <summary>Pauses, resumes or ends a jackpot.</summary>
    public static Task<EndpointAnswer> StatusAsync(this TestEndpoints endpoints, string jackpotId, string step, string staffUser = Author) =>
        endpoints.PostAsync($"/v1/admin/jackpots/{jackpotId}/{step}", """{"why":"maintenance"}""", staffUser);

    /// <summary>Everything of all jackpots that money depends on, as one text.</summary>
    public static Task<string> EverythingAsync(this TestLedger ledger) => ledger.ScalarAsync<string>("""
        SELECT concat_ws(E'\n',
            (SELECT json_agg(p ORDER BY id) FROM pool_state p), (SELECT json_agg(j ORDER BY id) FROM (SELECT id, sequence, chain_head, status FROM jackpot_state) j),
            (SELECT json_agg(c ORDER BY pool, cycle) FROM cycle c), (SELECT json_agg(t ORDER BY jackpot, version) FROM jackpot_terms t),
            (SELECT json_agg(j ORDER BY id) FROM jackpot j), (SELECT count(*) FROM journal))
        """);

    /// <summary>As above, with changes, transfers, versions and the audit log: nothing at all happened when this is the same.</summary>
    public static async Task<string> EveryRowAsync(this TestLedger ledger) => await ledger.EverythingAsync() + await ledger.ScalarAsync<string>("""
        SELECT concat_ws(E'\n', (SELECT json_agg(c ORDER BY id) FROM config_change c), (SELECT json_agg(o ORDER BY id) FROM transfer_order o),
            (SELECT json_agg(version ORDER BY id) FROM jackpot_state), (SELECT json_agg(a ORDER BY number) FROM audit_entry a))
        """);
}
