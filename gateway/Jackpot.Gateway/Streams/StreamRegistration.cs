using System.Globalization;
using System.Net;
using Dapr;
using Dapr.AspNetCore;
using Jackpot.Contracts.Events;
using Jackpot.Gateway.Feeds;
using Jackpot.Gateway.Problems;
using Jackpot.Gateway.Regions;
using Jackpot.ServiceDefaults.Sidecar;
using Jackpot.Streams.Canaries;

namespace Jackpot.Gateway.Streams;

static class StreamRegistration
{
    /// <summary>The port that the sidecar calls, as <c>dapr run</c> sets it. Without it this gateway has no sidecar and reads no stream.</summary>
    const string AppPortVariable = "APP_PORT";

    /// <summary>Bets of one delivery.</summary>
    const int EntriesMax = 100;

    /// <summary>How long a delivery waits to fill, in milliseconds.</summary>
    const int AwaitMsMax = 20;

    static readonly TimeSpan ConnectMax = TimeSpan.FromMilliseconds(500);
    static readonly CanaryTopic Bets = new(PubSub.Bets, Topics.Bets);

    internal static void AddBetStream(this WebApplicationBuilder builder, GatewayOptions options, RegionDirectory directory)
    {
        // A feed that cannot be used ends the start, whether this gateway has a sidecar or not.
        builder.Services.AddSingleton(FeedDirectory.Load(options.RegionsPath, directory));
        if (AppPort(builder.Configuration) is null)
        {
            return;
        }

        builder.Services.AddDaprClient();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<EventRouting>().AddSingleton<WaitingTopics>().AddSingleton<StreamCounters>().AddSingleton<BetStream>();
        builder.Services.AddHttpClient(BetStream.ClientName).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            ConnectTimeout = ConnectMax, AutomaticDecompression = DecompressionMethods.None, ActivityHeadersPropagator = null,
        }).RemoveAllLoggers();
        builder.Services.AddCanaries(services => services.GetRequiredService<FeedDirectory>().OwnTopics.Select(feed => TopicOf(feed)).Prepend(Bets));
    }

    internal static void MapBetStream(this WebApplication app)
    {
        if (AppPort(app.Configuration) is not { } port)
        {
            return;
        }

        app.MapSubscribeHandler().RequireSidecarToken().OnlyOn(port);
        Map(app, "/events/bets", Bets, null, port);
        foreach (var feed in app.Services.GetRequiredService<FeedDirectory>().OwnTopics)
        {
            Map(app, $"/events/feeds/{feed.Name}", TopicOf(feed), feed, port);
        }
    }

    static CanaryTopic TopicOf(Feed feed) => new(PubSub.Bets, feed.Topic!);

    static void Map(WebApplication app, string path, CanaryTopic topic, Feed? feed, int port)
    {
        var stream = app.Services.GetRequiredService<BetStream>();
        var options = new TopicOptions { PubsubName = topic.Component, Name = topic.Topic, DeadLetterTopic = Topics.RefusedBets, EnableRawPayload = feed is { IsRaw: true } };
        app.MapPost(path, (RequestDelegate)(http => stream.TakeAsync(http, topic, feed)))
            .WithTopic(options)
            .WithBulkSubscribe(new BulkSubscribeTopicOptions { TopicName = topic.Topic, MaxMessagesCount = EntriesMax, MaxAwaitDurationMs = AwaitMsMax })
            .RequireSidecarToken()
            .OnlyOn(port);
    }

    /// <summary>Whoever calls from outside finds nothing here: the stream has no tenant's header, and its port is the sidecar's alone.</summary>
    static TBuilder OnlyOn<TBuilder>(this TBuilder builder, int port)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http => http.Connection.LocalPort == port ? next(http) : GatewayProblem.UnknownRouteAsync(http);
        });
        return builder;
    }

    static int? AppPort(IConfiguration configuration) =>
        int.TryParse(configuration[AppPortVariable], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
}
