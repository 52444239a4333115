using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jackpot.Shard.Sidecar;

/// <summary>What a subscriber tells the sidecar of one delivered event.</summary>
internal static class TopicResult
{
    public static IResult Success { get; } = Of("SUCCESS");

    /// <summary>It shall come again.</summary>
    public static IResult Retry { get; } = Of("RETRY");

    /// <summary>It can never be handled; the sidecar moves it to the dead letter topic.</summary>
    public static IResult Drop { get; } = Of("DROP");

    static JsonHttpResult<Answer> Of(string status) => TypedResults.Json(new Answer(status));

    sealed record Answer([property: JsonPropertyName("status")] string Status);
}
