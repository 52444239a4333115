using System.Text.Json;

namespace Jackpot.Cli;

/// <summary>What a refusal of a shard says to people.</summary>
static class ProblemText
{
    /// <summary>The detail of a problem document, or the whole text where it is none.</summary>
    internal static string Detail(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement.GetProperty("detail").GetString() ?? body;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return body;
        }
    }
}
