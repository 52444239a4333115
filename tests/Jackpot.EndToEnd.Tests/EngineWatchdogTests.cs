using System.Net;
using System.Text.Json;
using Jackpot.TestKit;

namespace Jackpot.EndToEnd.Tests;

/// <summary>A workflow engine that stands still while all is reported well: it is named, mended, and the winner is paid.</summary>
public sealed class EngineWatchdogTests
{
    const string Shard = "shard-eu-mt-1";

    /// <summary>What operators are promised.</summary>
    static readonly TimeSpan PayoutMax = TimeSpan.FromSeconds(60);

    /// <summary>The default run shares its machine with other tests.</summary>
    static readonly TimeSpan PayoutMaxShared = TimeSpan.FromSeconds(120);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payout_that_waits_for_an_engine_that_stands_still_is_paid_within_a_minute()
    {
        await using var cluster = await JackpotCluster.UpAsync();

        // The switch stays thrown: the engine works again when the stream is opened anew, and by nothing else.
        await using var fault = await cluster.FaultAsync(new { kind = "stall-workflows", appId = Shard });
        var (status, body) = await cluster.SendAsync(cluster.Url("gateway-eu-mt"), Bets.Json(Guid.NewGuid().ToString(), "quick-pot-main", amount: "400.00"));
        Assert.True(status == HttpStatusCode.OK, body);
        var award = JsonElement.Parse(body).GetProperty("awards").EnumerateArray().Single().GetProperty("award_id").GetString()!;
        var named = false;

        await Eventually.TrueAsync(async () =>
        {
            named |= (await ReadyAsync(cluster)).Contains("the workflow engine takes no work", StringComparison.Ordinal);
            var answer = await cluster.GetAsync(new Uri(cluster.Url("gateway-eu-mt"), $"v1/awards/{award}"), Bets.Tenant);
            return answer.GetProperty("payout").GetProperty("state").GetString() == "credited";
        }, Long.IsAsked ? PayoutMax : PayoutMaxShared, $"the payout is credited; the shard's log:\n{cluster.Log(Shard)}");

        Assert.True(named, "readiness never named the engine");
        Assert.Contains("Doing: ReopenStream", cluster.Log(Shard), StringComparison.Ordinal);
        Assert.DoesNotContain("Doing: ShutDownSidecar", cluster.Log(Shard), StringComparison.Ordinal);
    }

    static async Task<string> ReadyAsync(JackpotCluster cluster)
    {
        using var ready = await cluster.Http.GetAsync(new Uri(cluster.Url(Shard), "readyz"), Ct);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        return await ready.Content.ReadAsStringAsync(Ct);
    }
}
