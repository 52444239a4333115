using System.Collections.Concurrent;
using Jackpot.Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Tests;

sealed record SeenRequest(string Method, string PathAndQuery, IReadOnlyDictionary<string, string> Headers, byte[] BodyBytes)
{
    public string Body => System.Text.Encoding.UTF8.GetString(BodyBytes);
}

sealed record StubAnswer(int Status, string Body = "", string ContentType = "application/json")
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public static StubAnswer NoContent { get; } = new(204);
}

/// <summary>A sidecar that keeps every request and answers what the test says; 204 unless it says otherwise.</summary>
sealed class StubSidecar : IAsyncDisposable
{
    readonly WebApplication _app;

    StubSidecar(WebApplication app) => _app = app;

    public ConcurrentQueue<SeenRequest> Seen { get; } = [];

    public Func<SeenRequest, StubAnswer> Answer { get; set; } = _ => StubAnswer.NoContent;

    public Uri Address => AddressOf(_app);

    public SeenRequest Only => Assert.Single(Seen);

    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<StubSidecar> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new StubSidecar(builder.Build());
        stub._app.Run(stub.HandleAsync);
        await stub._app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    public DaprClient NewClient(string? token = null)
    {
        var builder = new DaprClientBuilder().UseHttpEndpoint(Address.ToString());
        return (token is null ? builder : builder.UseDaprApiToken(token)).Build();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task HandleAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var seen = new SeenRequest(
            http.Request.Method,
            http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget,
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        Seen.Enqueue(seen);
        var answer = Answer(seen);
        http.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (answer.Body.Length > 0)
        {
            http.Response.ContentType = answer.ContentType;
            await http.Response.WriteAsync(answer.Body);
        }
    }
}
