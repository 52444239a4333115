using System.Net;
using System.Text;
using Jackpot.Dapr.Actors;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Dapr.Tests.Actors;

public interface IEcho : IActor
{
    Task<string> Outer(string innerFails);

    Task Inner(string fails);
}

public sealed class EchoActor(ActorHost host, Func<HttpClient> loop) : Actor(host), IEcho
{
    public async Task<string> Outer(string innerFails)
    {
        await StateManager.SetStateAsync("outer", 1);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/actors/Echo/e1/method/Inner") { Content = new StringContent($"\"{innerFails}\"") };
        request.Headers.Add("Dapr-Reentrancy-Id", "chain-1");
        using var response = await loop().SendAsync(request);
        await ProxyFactory.Create(new ActorId("other"), "Echo").InvokeMethodAsync("Anything");
        return response.Headers.Contains("X-DaprErrorResponseHeader") ? "failed" : "done";
    }

    public async Task Inner(string fails)
    {
        await StateManager.SetStateAsync("inner", 2);
        if (fails == "yes")
        {
            throw new InvalidOperationException("inner");
        }
    }
}

public sealed class ActorReentrancyTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("no", "\"done\"", """[{"operation":"upsert","request":{"key":"outer","value":1}},{"operation":"upsert","request":{"key":"inner","value":2}}]""")]
    [InlineData("yes", "\"failed\"", """[{"operation":"upsert","request":{"key":"outer","value":1}}]""")]
    public async Task Call_of_the_same_chain_joins_the_turn_and_a_failed_one_takes_back_only_its_own_changes(string innerFails, string answer, string saved)
    {
        TestApp? app = null;
        app = await TestApp.StartAsync(
            services => services
                .AddSingleton<Func<HttpClient>>(() => app!.Http)
                .AddActors(options => options.Actors.RegisterActor<EchoActor>("Echo")),
            web => web.MapActorsHandlers());
        await using var _ = app;
        using var request = new HttpRequestMessage(HttpMethod.Put, "/actors/Echo/e1/method/Outer")
        {
            Content = new StringContent($"\"{innerFails}\"", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Dapr-Reentrancy-Id", "chain-1");

        using var response = await app.Http.SendAsync(request, Ct).WaitAsync(TimeSpan.FromSeconds(20), Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal(saved, app.Sidecar.Seen.Single(seen => seen.PathAndQuery.EndsWith("/state", StringComparison.Ordinal)).Body);
        var onward = app.Sidecar.Seen.Single(seen => seen.PathAndQuery.EndsWith("/Anything", StringComparison.Ordinal));
        Assert.Equal("chain-1", onward.Headers["Dapr-Reentrancy-Id"]);
    }
}
