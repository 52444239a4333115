using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jackpot.LocalDapr.Tests.Running;

/// <summary>One request that the sidecar made to the app.</summary>
sealed record AppCall(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>An app in this process that answers as a test tells it and remembers every call.</summary>
sealed class TestApp : IAsyncDisposable
{
    readonly WebApplication _web;
    readonly ConcurrentQueue<AppCall> _calls = new();
    readonly List<(string Method, string Prefix, Func<AppCall, HttpContext, Task> Answer)> _answers = [];

    TestApp(int port)
    {
        Port = port;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        _web = builder.Build();
        _web.Run(ServeAsync);
    }

    public int Port { get; }

    public IReadOnlyList<AppCall> Calls => [.. _calls];

    public IReadOnlyList<AppCall> CallsTo(string path) => [.. _calls.Where(call => call.Path == path)];

    public static TestApp Create(int port) => new(port);

    /// <summary>Answers requests whose path starts with the prefix; the latest fitting rule wins.</summary>
    public TestApp On(string method, string prefix, Func<AppCall, HttpContext, Task> answer)
    {
        lock (_answers)
        {
            _answers.Insert(0, (method, prefix, answer));
        }
        return this;
    }

    public TestApp On(string method, string prefix, int status, string body = "", string contentType = "application/json") =>
        On(method, prefix, async (_, http) =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = contentType;
            await http.Response.WriteAsync(body);
        });

    public async Task<TestApp> StartAsync()
    {
        await _web.StartAsync();
        return this;
    }

    public async ValueTask DisposeAsync() => await _web.DisposeAsync();

    async Task ServeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var call = new AppCall(
            http.Request.Method, http.Request.Path.Value!, http.Request.QueryString.Value ?? "",
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync());
        _calls.Enqueue(call);
        Func<AppCall, HttpContext, Task>? answer;
        lock (_answers)
        {
            answer = _answers.FirstOrDefault(rule => rule.Method == call.Method && call.Path.StartsWith(rule.Prefix, StringComparison.Ordinal)).Answer;
        }
        if (answer is not null)
        {
            await answer(call, http);
        }
        else if (call.Path is "/dapr/config" or "/dapr/subscribe")
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
