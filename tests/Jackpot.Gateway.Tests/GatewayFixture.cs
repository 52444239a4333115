using Jackpot.Gateway.Tests;
using Jackpot.LocalProcesses;
using Jackpot.TestKit;

[assembly: AssemblyFixture(typeof(GatewayFixture))]

namespace Jackpot.Gateway.Tests;

/// <summary>A real gateway process of region north with two shards, one of them with two replicas; region south is somewhere else.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    readonly int _port = FreePort.Next();
    ChildProcess? _process;

    public StubShard Alone { get; private set; } = null!;
    public StubShard TwinA { get; private set; } = null!;
    public StubShard TwinB { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public int Port => _port;

    public async ValueTask InitializeAsync()
    {
        Alone = await StubShard.StartAsync("alone");
        TwinA = await StubShard.StartAsync("twin-a");
        TwinB = await StubShard.StartAsync("twin-b");
        _process = Start(_port, new Dictionary<string, string?>
        {
            ["Gateway__Region"] = "north",
            ["Gateway__Shards__north-1"] = Alone.Url,
            ["Gateway__Shards__north-2"] = $"{TwinA.Url},{TwinB.Url}",
        });
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        await _process.AnswersAsync($"http://127.0.0.1:{_port}/readyz");
    }

    public static ChildProcess Start(int port, IReadOnlyDictionary<string, string?> settings) =>
        ChildProcess.StartDotnet(RepositoryFolder.BuiltDll("gateway/Jackpot.Gateway"), environment: new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["Gateway__RegionsPath"] = Path.Combine(RepositoryFolder.Root, "tests/Jackpot.Gateway.Tests/Regions/Data"),
        }.Concat(settings).GroupBy(setting => setting.Key).ToDictionary(setting => setting.Key, setting => setting.Last().Value));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? tenant, HttpContent? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        if (tenant is not null)
        {
            request.Headers.Add("X-Tenant-Id", tenant);
        }
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? tenant) => SendAsync(HttpMethod.Get, path, tenant);

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        foreach (var started in (IAsyncDisposable?[])[_process, Alone, TwinA, TwinB])
        {
            if (started is not null)
            {
                await started.DisposeAsync();
            }
        }
    }
}
