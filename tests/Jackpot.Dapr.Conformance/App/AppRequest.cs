using System.Text;
using System.Text.Json;

namespace Jackpot.Dapr.Conformance.App;

/// <summary>What the sidecar asked the application.</summary>
sealed record AppRequest(int Number, string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public DateTime Started { get; init; } = DateTime.UtcNow;

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string? ContentType => Headers.GetValueOrDefault("Content-Type");
}

/// <summary>What the application answers.</summary>
sealed record AppAnswer(int Status, byte[] Body, string? ContentType = null)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public static AppAnswer Empty(int status = 200) => new(status, []);

    public static AppAnswer Json(string json) => new(200, Encoding.UTF8.GetBytes(json), "application/json");
}
