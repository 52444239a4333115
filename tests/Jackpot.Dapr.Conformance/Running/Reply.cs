using System.Net;
using System.Text;
using System.Text.Json;

namespace Jackpot.Dapr.Conformance.Running;

/// <summary>What the sidecar answered.</summary>
sealed record Reply(string Call, int Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Bytes);

    public static async Task<Reply> ReadAsync(string call, HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Reply(call, (int)response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync());
    }

    public Reply Is(HttpStatusCode status) => Is((int)status);

    public Reply Is(params int[] statuses)
    {
        Expect.True(statuses.Contains(Status), $"{Call}: expected status {string.Join(" or ", statuses)}, saw {Status} {Text}");
        return this;
    }

    public Reply IsError(int status, string code)
    {
        Is(status);
        Expect.Contains(code, Text, $"{Call}: error");
        return this;
    }

    /// <summary>Refused, with whatever status.</summary>
    public Reply IsRefused()
    {
        Expect.True(Status >= 400, $"{Call}: expected a refusal, saw {Status} {Text}");
        return this;
    }
}
