using Microsoft.AspNetCore.Http;

namespace Jackpot.Dapr.Subscriptions;

/// <summary>What a subscriber answers. An endpoint that gives back nothing, or anything else with status 2xx, has succeeded.</summary>
public static class TopicResult
{
    /// <summary>The message is done.</summary>
    public static IResult Success { get; } = Results.Json(new Status("SUCCESS"));

    /// <summary>The message shall come again, as the component's inbound policy says; without a policy the broker decides, and most lose it.</summary>
    public static IResult Retry { get; } = Results.Json(new Status("RETRY"));

    /// <summary>The message can never be handled: to the dead letter topic if there is one, else away.</summary>
    public static IResult Drop { get; } = Results.Json(new Status("DROP"));

    sealed record Status([property: System.Text.Json.Serialization.JsonPropertyName("status")] string Text);
}
