namespace Jackpot.Cli.Up;

/// <summary>What `up` ends with: where everything is, and three lines to try.</summary>
static class Farewell
{
    const string BetterKnownAs = "gateway-eu-mt";

    internal static void Print(IReadOnlyDictionary<string, string> urls)
    {
        Console.WriteLine();
        foreach (var (service, url) in urls)
        {
            Console.WriteLine($"  {service,-16} {url}");
        }
        Console.WriteLine();
        Console.WriteLine("Try:");
        foreach (var line in CurlLines(urls.GetValueOrDefault(BetterKnownAs, "http://127.0.0.1:8080")))
        {
            Console.WriteLine($"  {line}");
        }
    }

    /// <summary>A bet, the pool that it fed, and the awards so far.</summary>
    internal static string[] CurlLines(string gateway) =>
    [
        $$"""curl -sw '\n' {{gateway}}/v1/jp/contributions -H 'X-Tenant-Id: brand-42' -H 'Content-Type: application/json' -d '{"jp_contrib_id":"try-1","tenant_id":"brand-42","pool_id":"euro-spins-main","player_id":"player-1","game_id":"starlight","round_id":"round-1","bet":{"amount":2.00,"currency":"EUR"},"occurred_at":"'$(date -u +%FT%TZ)'","idempotency_key":"try-'$RANDOM'"}'""",
        $"curl -sw '\\n' {gateway}/v1/jp/pools/euro-spins-main -H 'X-Tenant-Id: brand-42'",
        $"curl -sw '\\n' {gateway}/v1/jp/jackpots/quick-pot/awards -H 'X-Tenant-Id: brand-42'",
    ];
}
