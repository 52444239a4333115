using System.Text.Encodings.Web;
using System.Text.Json;
using Jackpot.Dapr.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Dapr.Subscriptions;

/// <summary>Subscribes endpoints to topics and tells the sidecar about it.</summary>
public static class TopicEndpoints
{
    // As ASP.NET Core writes by default, so that a rule reads as it was written.
    static readonly JsonSerializerOptions SidecarNames = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Subscribes an endpoint.</summary>
    public static TBuilder WithTopic<TBuilder>(this TBuilder builder, string pubsubName, string name)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithTopic(new TopicOptions { PubsubName = pubsubName, Name = name });

    /// <summary>Subscribes an endpoint with dead letter, rule, metadata or bulk delivery.</summary>
    public static TBuilder WithTopic<TBuilder>(this TBuilder builder, string pubsubName, string name, TopicOptions options)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithTopic(options with { PubsubName = pubsubName, Name = name });

    /// <summary>Subscribes an endpoint as the options say. Only the sidecar may then call it.</summary>
    public static TBuilder WithTopic<TBuilder>(this TBuilder builder, TopicOptions options)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(options));
        return builder.RequireSidecarToken();
    }

    /// <summary>
    /// Maps <c>GET /dapr/subscribe</c>, which the sidecar asks once, after <c>/dapr/config</c>. It finds every endpoint with a topic. Written as the
    /// sidecar reads it, however the application names its own JSON fields: a name it does not know would lose a dead letter topic silently.
    /// </summary>
    public static IEndpointConventionBuilder MapSubscribeHandler(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/dapr/subscribe", (IEnumerable<EndpointDataSource> sources) => Results.Json(SubscriptionList.Of(sources), SidecarNames)).RequireSidecarToken();

    /// <summary>
    /// Replaces the envelope of a delivery by its payload before the endpoint sees it. An endpoint that needs the envelope, its id for
    /// instance, takes a <see cref="CloudEvent{TData}"/> parameter instead and this middleware is not used.
    /// </summary>
    public static IApplicationBuilder UseCloudEvents(this IApplicationBuilder app) => app.Use(CloudEventUnwrapping.InvokeAsync);
}
