using Jackpot.Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Tests;

/// <summary>An application on a free port whose sidecar is a stub; the test plays the sidecar's part over <see cref="Http"/>.</summary>
sealed class TestApp : IAsyncDisposable
{
    readonly WebApplication _app;

    TestApp(WebApplication app, StubSidecar sidecar)
    {
        _app = app;
        Sidecar = sidecar;
        Http = new HttpClient { BaseAddress = StubSidecar.AddressOf(app) };
    }

    public StubSidecar Sidecar { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<TestApp> StartAsync(Action<IServiceCollection> services, Action<WebApplication> map, string? appToken = null)
    {
        var sidecar = await StubSidecar.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDaprClient(options => options with { HttpEndpoint = sidecar.Address, AppApiToken = appToken });
        services(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestApp(app, sidecar);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Sidecar.DisposeAsync();
    }
}
