using System.Collections.Concurrent;
using System.Globalization;
using Jackpot.Dapr.Conformance.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Conformance.App;

/// <summary>
/// The application behind the sidecar. It keeps every request and answers as the case that is waiting for it says; without a word from a case
/// it answers in a way that its path names.
/// </summary>
sealed class TestApplication : IAsyncDisposable
{
    public const string PlainActor = "ConformancePlain";
    public const string IdleActor = "ConformanceIdle";
    public const string ReentrantActor = "ConformanceReentrant";

    readonly WebApplication _web;
    readonly ConcurrentQueue<AppRequest> _seen = [];
    readonly ConcurrentDictionary<string, Func<AppRequest, Task<AppAnswer>>> _scripts = new();
    int _numbers;

    TestApplication(WebApplication web, Topics topics)
    {
        _web = web;
        Topics = topics;
    }

    public Topics Topics { get; }

    public IEnumerable<AppRequest> Seen => _seen;

    public static async Task<TestApplication> StartAsync(ConformanceOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{options.AppPort}"));
        var app = new TestApplication(builder.Build(), new Topics(options.PubSub));
        app._web.Run(app.HandleAsync);
        await app._web.StartAsync();
        return app;
    }

    /// <summary>Says how requests to this path are answered.</summary>
    public void On(string path, Func<AppRequest, Task<AppAnswer>> answer) => _scripts[path] = answer;

    public void On(string path, Func<AppRequest, AppAnswer> answer) => On(path, request => Task.FromResult(answer(request)));

    public int Count(string path) => _seen.Count(request => request.Path == path);

    public async Task<AppRequest> WaitFor(string path, int nth = 1, TimeSpan? within = null)
    {
        await Expect.Eventually(() => Task.FromResult(Count(path) >= nth), $"The application got {Count(path)} of {nth} requests to {path}", within);
        return _seen.Where(request => request.Path == path).ElementAt(nth - 1);
    }

    public async Task<AppRequest> WaitFor(Func<AppRequest, bool> wanted, string what, TimeSpan? within = null)
    {
        await Expect.Eventually(() => Task.FromResult(_seen.Any(wanted)), $"The application never got {what}", within);
        return _seen.First(wanted);
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    async Task HandleAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var request = new AppRequest(
            Interlocked.Increment(ref _numbers),
            http.Request.Method,
            http.Request.Path.Value!,
            http.Request.QueryString.Value ?? "",
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        _seen.Enqueue(request);
        var answer = await (_scripts.TryGetValue(request.Path, out var script) ? script(request) : ByPathAsync(request));
        http.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (answer.Body.Length > 0)
        {
            http.Response.ContentType = answer.ContentType;
            await http.Response.Body.WriteAsync(answer.Body);
        }
    }

    async Task<AppAnswer> ByPathAsync(AppRequest request)
    {
        var last = request.Path[(request.Path.LastIndexOf('/') + 1)..];
        switch (last)
        {
            case "healthz":
                return AppAnswer.Empty();
            case "config" when request.Path == "/dapr/config":
                return AppAnswer.Json(Config);
            case "subscribe" when request.Path == "/dapr/subscribe":
                return AppAnswer.Json(Topics.Subscriptions);
            case "echo":
                return new AppAnswer(200, request.Body, request.ContentType) { Headers = { ["x-conformance"] = "seen" } };
            case "missing":
                return AppAnswer.Empty(404);
        }

        if (last.StartsWith("status-", StringComparison.Ordinal))
        {
            return AppAnswer.Empty(int.Parse(last[7..], CultureInfo.InvariantCulture));
        }

        if (last.StartsWith("slow-", StringComparison.Ordinal))
        {
            await Task.Delay(int.Parse(last[5..], CultureInfo.InvariantCulture));
        }

        return AppAnswer.Empty();
    }

    const string Config = $$"""
        {
          "entities": ["{{PlainActor}}", "{{IdleActor}}", "{{ReentrantActor}}"],
          "drainOngoingCallTimeout": "2s",
          "drainRebalancedActors": true,
          "entitiesConfig": [
            { "entities": ["{{IdleActor}}"], "actorIdleTimeout": "2s" },
            { "entities": ["{{ReentrantActor}}"], "reentrancy": { "enabled": true, "maxStackDepth": 3 } }
          ]
        }
        """;
}
