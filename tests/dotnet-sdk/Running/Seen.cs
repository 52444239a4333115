using System.Collections.Concurrent;

namespace DotnetSdk.Running;

/// <summary>One request that the sidecar made to the application.</summary>
sealed record SeenRequest(string Path, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Of the cloud event, which the SDK's middleware puts into the headers.</summary>
    public string? EventId => Headers.GetValueOrDefault("Cloudevent.id");
}

/// <summary>Everything that the sidecar sent.</summary>
sealed class Seen
{
    readonly ConcurrentQueue<SeenRequest> _requests = new();

    public async Task<SeenRequest> AddAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var request = new SeenRequest(
            http.Request.Path, await reader.ReadToEndAsync(http.RequestAborted),
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        _requests.Enqueue(request);
        return request;
    }

    public void Add(string path, string body) => _requests.Enqueue(new SeenRequest(path, body, new Dictionary<string, string>()));

    public int Count(string path, string part) => _requests.Count(request => request.Path == path && IsAbout(request, part));

    /// <summary>Waits for a request whose body or event id has this part.</summary>
    public async Task<SeenRequest> WaitFor(string path, string part, int nth = 1)
    {
        SeenRequest? found = null;
        await Expect.Eventually(
            () => (found = _requests.Where(request => request.Path == path && IsAbout(request, part)).ElementAtOrDefault(nth - 1)) is not null,
            $"request {nth} about '{part}' did not come to {path}");
        return found!;
    }

    static bool IsAbout(SeenRequest request, string part) => request.Body.Contains(part, StringComparison.Ordinal) || request.EventId == part;
}
