using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Jackpot.TestKit;

namespace Jackpot.Gateway.Tests.Routing;

/// <summary>A tenant at its limit is told so, and takes nothing from others; so is a client that sends too much or too slowly.</summary>
[Collection("one after the other: they look at what a shard saw last")]
public sealed class TenantLimitTests(GatewayFixture gateway)
{
    /// <summary>The gateway gives headers 10 s; the test machine may be busy.</summary>
    static readonly TimeSpan CutOffMax = TimeSpan.FromSeconds(40);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_beyond_the_tenants_rate_are_429_and_later_ones_are_taken_again()
    {
        var clock = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => StatusAsync("/v1/jp/pools", "limited-rate")));
        var seconds = (int)clock.Elapsed.TotalSeconds + 1;

        Assert.InRange(answers.Count(status => status == HttpStatusCode.Conflict), 5, 5 * (1 + seconds));
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync("/v1/jp/pools", "brand-1"));
        await Eventually.TrueAsync(async () => await StatusAsync("/v1/jp/pools", "limited-rate") == HttpStatusCode.Conflict, what: "a request of the next second");
    }

    [Fact]
    public async Task More_requests_at_once_than_agreed_are_429_until_one_is_answered()
    {
        var held = Enumerable.Range(0, 2).Select(_ => StatusAsync("/v1/jp/pools/held", "limited-at-once")).ToList();
        await Eventually.TrueAsync(() => gateway.Alone.Seen.Count(request => request.Target.EndsWith("/held", StringComparison.Ordinal)) == 2, what: "two requests at the shard");

        using var refused = await gateway.GetAsync("/v1/jp/pools", "limited-at-once");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("1", refused.Headers.RetryAfter?.ToString());
        Assert.Contains("urn:jackpot:problem:tenant-concurrency-exceeded", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync("/v1/jp/pools", "brand-1"));

        gateway.Alone.Release.SetResult();
        Assert.All(await Task.WhenAll(held), status => Assert.Equal(HttpStatusCode.Conflict, status));
        await Eventually.TrueAsync(async () => await StatusAsync("/v1/jp/pools", "limited-at-once") == HttpStatusCode.Conflict, what: "a request after those");
        using var metrics = await gateway.GetAsync("/metrics", null);
        Assert.Matches("gateway_requests_limited_total\\{[^}]*tenant=\"limited-at-once\"[^}]*\\} [1-9]", await metrics.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Headers_beyond_their_size_are_refused()
    {
        var answer = await RawHttp.SendAsync(gateway.Port, $"GET /v1/jp/pools HTTP/1.1\r\nHost: x\r\nX-Tenant-Id: brand-1\r\nX-Long: {new string('x', 17_000)}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_does_not_end_its_headers_is_cut_off()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, gateway.Port, Ct);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /v1/jp/pools HTTP/1.1\r\nHost: x\r\nX-Ten"), Ct);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        deadline.CancelAfter(CutOffMax);
        using var reader = new StreamReader(socket.GetStream());
        Assert.StartsWith("HTTP/1.1 408", await reader.ReadToEndAsync(deadline.Token), StringComparison.Ordinal);
    }

    async Task<HttpStatusCode> StatusAsync(string path, string tenant)
    {
        using var answer = await gateway.GetAsync(path, tenant);
        return answer.StatusCode;
    }
}
