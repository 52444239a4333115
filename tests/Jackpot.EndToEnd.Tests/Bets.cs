using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Jackpot.EndToEnd.Tests;

/// <summary>Contributions as an operator's platform sends them.</summary>
internal static class Bets
{
    public const string Tenant = "brand-42";

    /// <summary>A good contribution; <paramref name="change"/> may spoil one field of it (null takes the field away).</summary>
    public static string Json(
        string key, string pool = "euro-spins-main", string amount = "2.00", string currency = "EUR", string tenant = Tenant,
        string player = "player-1", string? field = null, string? value = null)
    {
        var fields = new Dictionary<string, string?>
        {
            ["jp_contrib_id"] = Quoted("c-" + key),
            ["tenant_id"] = Quoted(tenant),
            ["pool_id"] = Quoted(pool),
            ["player_id"] = Quoted(player),
            ["game_id"] = Quoted("game-1"),
            ["round_id"] = Quoted("round-" + key),
            ["bet"] = $$"""{"amount":{{amount}},"currency":"{{currency}}"}""",
            ["occurred_at"] = Quoted(DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture)),
            ["idempotency_key"] = Quoted(key),
        };
        if (field is not null)
        {
            fields[field] = value;
        }

        return "{" + string.Join(",", fields.Where(pair => pair.Value is not null).Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}";
    }

    static string Quoted(string text) => JsonSerializer.Serialize(text);

    public static HttpRequestMessage Request(Uri gateway, string body, string? tenant = Tenant, string path = "v1/jp/contributions")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, path))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (tenant is not null)
        {
            request.Headers.Add("X-Tenant-Id", tenant);
        }

        return request;
    }

    public static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        this JackpotCluster cluster, Uri gateway, string body, string? tenant = Tenant, string path = "v1/jp/contributions")
    {
        var ct = TestContext.Current.CancellationToken;
        using var request = Request(gateway, body, tenant, path);
        using var response = await cluster.Http.SendAsync(request, ct);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(ct));
    }

    /// <summary>Publishes bets on the topic of the stream, through the sidecar of a process.</summary>
    public static async Task<(HttpStatusCode Status, string Body)> PublishAsync(this JackpotCluster cluster, string process, IEnumerable<string> bets)
    {
        var ct = TestContext.Current.CancellationToken;
        var entries = bets.Select((bet, i) => $$"""{"entryId":"{{i}}","event":{{bet}},"contentType":"application/json"}""");
        using var content = new StringContent($"[{string.Join(',', entries)}]", Encoding.UTF8, "application/json");
        using var response = await cluster.Http.PostAsync(new Uri(cluster.Sidecar(process), "v1.0/publish/bulk/bets/bets"), content, ct);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(ct));
    }
}
