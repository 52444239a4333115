using System.Net;
using System.Text;

namespace Jackpot.Bench.Bed;

/// <summary>Jackpots made for measuring, through the shard's own admin endpoint.</summary>
sealed class BenchJackpots(Uri shard)
{
    const int Parallel = 8;

    /// <summary>Draws are made for every contribution; a drop is rare.</summary>
    internal static string Rare(string id, int tiers = 1) => Definition(id, string.Join(',', Enumerable.Range(0, tiers).Select(tier =>
        $$$"""{"pool_id":"{{{id}}}-{{{tier}}}","contribution_ppm":5000,"reserve_ppm":1000,"seed":1000.00,"ceiling":100000000.00,"trigger":{"kind":"random","turnover_per_drop":1000000000.00}}""")));

    /// <summary>As rare, and without any draw: it drops when it is told to.</summary>
    internal static string ByTrigger(string id) => Definition(id,
        $$$"""{"pool_id":"{{{id}}}-0","contribution_ppm":5000,"reserve_ppm":1000,"seed":1000.00,"ceiling":100000000.00,"trigger":{"kind":"external","winners_must_have_contributed":false}}""");

    /// <summary>Drops at every contribution of 2.00.</summary>
    internal static string Eager(string id) => Definition(id,
        $$$"""{"pool_id":"{{{id}}}-0","contribution_ppm":20000,"reserve_ppm":0,"seed":1.00,"ceiling":2.00,"trigger":{"kind":"must_drop_by_amount","min":1.01,"max":1.03}}""");

    internal static string PoolField(string id) => $"\"pool_id\":\"{id}-0\"";

    internal static string JackpotField(string id) => $"\"jackpot_id\":\"{id}\"";

    internal async Task CreateAsync(IEnumerable<(string Id, string Definition)> jackpots)
    {
        using var http = new HttpClient { BaseAddress = shard, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Add("X-Person", "jackpot-bench");
        await System.Threading.Tasks.Parallel.ForEachAsync(jackpots, new ParallelOptions { MaxDegreeOfParallelism = Parallel }, async (jackpot, cancellation) =>
        {
            using var content = new StringContent(jackpot.Definition, Encoding.UTF8, "application/json");
            using var answer = await http.PutAsync($"/v1/admin/jackpots/{jackpot.Id}", content, cancellation);
            if (answer.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.OK))
            {
                throw new InvalidOperationException($"The shard refused jackpot {jackpot.Id}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
            }
        });
    }

    static string Definition(string id, string pools) =>
        $$"""{"jackpot_id":"{{id}}","name":"{{id}}","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],"pools":[{{pools}}]}""";
}
