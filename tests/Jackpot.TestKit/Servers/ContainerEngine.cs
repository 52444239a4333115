using System.Net;
using System.Net.Sockets;

namespace Jackpot.TestKit.Servers;

/// <summary>A Docker engine at an address that may or may not answer. It is asked three things only, so no client library stands between.</summary>
/// <param name="Address">unix:///path or tcp://host:port.</param>
sealed record ContainerEngine(Uri Address)
{
    /// <summary>An engine that lives answers within milliseconds; one that does not must not hold up every test program.</summary>
    static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(3);

    const string StartedVariable = "JACKPOT_TEST_ENGINE";

    /// <summary>The one that `./jackpot test` started for the tests that ask for containers; null without it.</summary>
    internal static ContainerEngine? Started => Of(Environment.GetEnvironmentVariable(StartedVariable));

    /// <summary>The machine's own: DOCKER_HOST, or the default socket.</summary>
    internal static ContainerEngine OfMachine => Of(Environment.GetEnvironmentVariable("DOCKER_HOST")) ?? new(new Uri("unix:///var/run/docker.sock"));

    static ContainerEngine? Of(string? address) => string.IsNullOrEmpty(address) ? null : new(new Uri(address));

    /// <summary>Whether an engine answers there.</summary>
    internal async Task<bool> AnswersAsync() => (await AskAsync("_ping")).Status == HttpStatusCode.OK;

    /// <summary>Whether it holds an image already, so that nothing need be pulled.</summary>
    internal async Task<bool> HasAsync(string image) => (await AskAsync($"images/{image}/json")).Status == HttpStatusCode.OK;

    /// <summary>The newest version of Docker's API that it speaks; null when it does not say.</summary>
    internal async Task<Version?> ApiVersionAsync() => Version.TryParse((await AskAsync("_ping")).ApiVersion, out var version) ? version : null;

    async Task<(HttpStatusCode? Status, string? ApiVersion)> AskAsync(string path)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = AnswerTimeMax, ConnectCallback = (_, stop) => ConnectAsync(stop) };
        using var http = new HttpClient(handler) { Timeout = AnswerTimeMax };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://engine/{path}"));
            return (answer.StatusCode, answer.Headers.TryGetValues("Api-Version", out var versions) ? versions.First() : null);
        }
        catch (Exception silent) when (silent is HttpRequestException or SocketException or TaskCanceledException)
        {
            return default;
        }
    }

    async ValueTask<Stream> ConnectAsync(CancellationToken stop)
    {
        EndPoint where = Address.Scheme == "unix" ? new UnixDomainSocketEndPoint(Address.AbsolutePath) : new DnsEndPoint(Address.Host, Address.Port);
        var socket = where is UnixDomainSocketEndPoint ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(where, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
