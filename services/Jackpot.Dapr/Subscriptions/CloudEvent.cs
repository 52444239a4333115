using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Dapr.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Dapr.Subscriptions;

/// <summary>Marks a value that is an event envelope already and must not be wrapped into another one.</summary>
internal interface ICloudEvent;

/// <summary>
/// A CloudEvents 1.0 envelope as Dapr delivers it. As a parameter of an endpoint it is read from the request's body, and it can be published
/// as it is. Delivery is at least once: the same <see cref="Id"/> may come again.
/// </summary>
/// <typeparam name="TData">The payload's type; <see cref="JsonElement"/> when it is not known.</typeparam>
public sealed record CloudEvent<TData> : ICloudEvent
{
    /// <summary>Unique per source.</summary>
    public string Id { get; init; } = "";

    /// <summary>Always 1.0.</summary>
    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>Who published; the app id unless the publisher says otherwise.</summary>
    public string Source { get; init; } = "";

    /// <summary>Kind of event; <c>com.dapr.event.sent</c> unless the publisher says otherwise.</summary>
    public string Type { get; init; } = "com.dapr.event.sent";

    /// <summary>Content type of the payload.</summary>
    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <summary>What the event is about; null when nothing is named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subject { get; init; }

    /// <summary>Topic it was published to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Topic { get; init; }

    /// <summary>Component it was published to.</summary>
    [JsonPropertyName("pubsubname"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PubsubName { get; init; }

    /// <summary>W3C trace context of the publisher.</summary>
    [JsonPropertyName("traceparent"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }

    /// <summary>When it was published.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Time { get; init; }

    /// <summary>The payload.</summary>
    public TData? Data { get; init; }

    /// <summary>The payload when it is binary; then <see cref="Data"/> is not set.</summary>
    [JsonPropertyName("data_base64"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? DataBase64 { get; init; }

    /// <summary>Reads the envelope from a delivery. A body that is no envelope is a bad request, which the sidecar retries as its policy says.</summary>
#pragma warning disable CA1000 // ASP.NET Core finds this method by its name on the parameter's own type.
    public static async ValueTask<CloudEvent<TData>?> BindAsync(HttpContext context)
#pragma warning restore CA1000
    {
        var options = context.RequestServices.GetService<DaprSidecarOptions>()?.JsonSerializerOptions ?? JsonSerializerOptions.Web;
        try
        {
            return await JsonSerializer.DeserializeAsync<CloudEvent<TData>>(context.Request.BodyReader, options, context.RequestAborted);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            throw new BadHttpRequestException($"The body is not a CloudEvent with data of type {typeof(TData).Name}: {unreadable.Message}", unreadable);
        }
    }
}
