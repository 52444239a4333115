using System.Net;
using System.Text;
using System.Text.Json;

namespace Jackpot.Cli.Cluster;

/// <summary>Asks a shard's own endpoints; a refusal is told in the shard's words.</summary>
sealed class ShardClient : IDisposable
{
    static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(1);

    readonly HttpClient _http = new() { Timeout = TimeMax };

    /// <param name="staffId">Who acts; null where nobody need be named.</param>
    /// <returns>Null when the shard has nothing of that name.</returns>
    internal async Task<JsonElement?> SendAsync(HttpMethod method, Uri address, string? staffId, string? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, address);
        if (staffId is not null)
        {
            request.Headers.Add("X-Person", staffId);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        try
        {
            using var answer = await _http.SendAsync(request, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            return answer.StatusCode == HttpStatusCode.NotFound ? null
                : answer.IsSuccessStatusCode ? JsonElement.Parse(text)
                : throw new CommandException($"{address.GetLeftPart(UriPartial.Authority)} answered {(int)answer.StatusCode}: {ProblemText.Detail(text)}");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            throw new CommandException($"{address.GetLeftPart(UriPartial.Authority)} cannot be asked: {failure.Message}");
        }
    }

    public void Dispose() => _http.Dispose();
}
