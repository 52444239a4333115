using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Jackpot.TestKit.Fuzzing;

/// <summary>A request of a fuzzer; the target is sent as it is.</summary>
/// <param name="Method">The verb.</param>
/// <param name="Target">Path and query, percent-encoded.</param>
/// <param name="Body">Null for none.</param>
/// <param name="Headers">Sent unchecked.</param>
public sealed record FuzzRequest(string Method, string Target, byte[]? Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    const int ShownMax = 400;

    public override string ToString()
    {
        var body = Body is null ? "no body" : Encoding.Latin1.GetString(Body.AsSpan(0, Math.Min(Body.Length, ShownMax)));
        return $"{Method} {Target} [{string.Join("; ", Headers.Select(header => $"{header.Key}: {header.Value}"))}] {body}";
    }
}

/// <summary>How much a fuzzer does, and what it sends. Everything that it does follows from the seed, which <see cref="ToString"/> tells.</summary>
public sealed class FuzzRun
{
    const string LongSwitch = "JACKPOT_TEST_LONG";
    const string SeedSwitch = "JACKPOT_FUZZ_SEED";
    const int FaultsShownMax = 20;

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <param name="bodies">How many by default.</param>
    /// <param name="bodiesLong">How many with JACKPOT_TEST_LONG=1.</param>
    public FuzzRun(int bodies, int bodiesLong)
    {
        IsLong = Environment.GetEnvironmentVariable(LongSwitch) == "1";
        Bodies = IsLong ? bodiesLong : bodies;
        Seed = int.TryParse(Environment.GetEnvironmentVariable(SeedSwitch), out var seed) ? seed : Random.Shared.Next();
        Random = new Random(Seed);
        Json = new JsonMutator(Random);
        Targets = new TargetMutator(Random);
    }

    public bool IsLong { get; }

    public int Bodies { get; }

    public int Seed { get; }

    public Random Random { get; }

    public JsonMutator Json { get; }

    public TargetMutator Targets { get; }

    /// <summary>Every endpoint of an application's route table, as verb and pattern.</summary>
    public static IReadOnlyList<string> EndpointsOf(IServiceProvider services) =>
    [
        .. services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(verb => $"{verb} /{endpoint.RoutePattern.RawText!.TrimStart('/')}"))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Sends good requests with bad places in them to every endpoint in turn, and fails when an answer is a fault.</summary>
    /// <param name="http">To the application.</param>
    /// <param name="endpoints">All that it has.</param>
    /// <param name="good">Good requests to an endpoint, the how manieth is told; null when none is known, which fails.</param>
    /// <param name="spoil">Puts a bad place into a request.</param>
    /// <param name="mayFail">What looks like a fault and is none.</param>
    /// <param name="ct">Ends it.</param>
    public async Task SendToAllAsync(
        HttpClient http, IReadOnlyList<string> endpoints, Func<string, int, IReadOnlyList<FuzzRequest>?> good, Func<FuzzRequest, FuzzRequest> spoil,
        Func<string, FuzzAnswer, bool> mayFail, CancellationToken ct)
    {
        Assert.All(endpoints, endpoint => Assert.True(good(endpoint, 0) is not null, $"{endpoint} has no good request among the seeds; add one"));
        var faults = new List<string>();
        for (var i = 0; i < Bodies; i++)
        {
            var endpoint = endpoints[i % endpoints.Count];
            var seeds = good(endpoint, i)!;
            var bad = spoil(seeds[Random.Next(seeds.Count)]);
            var answer = await SendAsync(http, bad, ct);
            if (answer.Fault is { } fault && !mayFail(endpoint, answer))
            {
                faults.Add($"{fault}: {(int)answer.Status} {answer.Body} to {bad}");
            }
        }

        AssertNone(faults);
    }

    /// <summary>Fails with the seed and the first of the faults, if there are any.</summary>
    public void AssertNone(IReadOnlyList<string> faults) =>
        Assert.True(faults.Count == 0, $"{this}\n{faults.Count} faults\n{string.Join('\n', faults.Take(FaultsShownMax))}");

    /// <summary>Sends it and answers what came back; an answer that does not come in time is a fault of its own.</summary>
    public static async Task<FuzzAnswer> SendAsync(HttpClient http, FuzzRequest request, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(http.BaseAddress!.GetLeftPart(UriPartial.Authority) + request.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        message.Content = request.Body is null ? null : new ByteArrayContent(request.Body);
        foreach (var (name, value) in request.Headers)
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        try
        {
            using var response = await http.SendAsync(message, deadline.Token);
            return new FuzzAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(deadline.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new FuzzAnswer(HttpStatusCode.GatewayTimeout, null, $"no answer within {Deadline}");
        }
        catch (HttpRequestException broken)
        {
            return new FuzzAnswer(HttpStatusCode.BadGateway, null, broken.ToString());
        }
    }

    public override string ToString() => $"seed {Seed} ({SeedSwitch}={Seed} repeats it), {Bodies} bodies";
}

/// <summary>What came back.</summary>
public sealed record FuzzAnswer(HttpStatusCode Status, string? ContentType, string Body)
{
    /// <summary>Why this answer is a fault of the endpoint, or null. A request that the server refuses before any endpoint sees it has an empty answer.</summary>
    public string? Fault => (int)Status >= 500 ? "an answer of the server's own fault"
        : (int)Status >= 400 && ContentType != "application/problem+json" && !(Status == HttpStatusCode.BadRequest && Body.Length == 0) ? "a refusal that is no problem document"
        : null;
}
