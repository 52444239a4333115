using System.Text.Json;
using Dapr;
using Dapr.Actors;
using Dapr.Actors.Runtime;
using Dapr.AspNetCore;
using Dapr.Workflow;
using DotnetSdk.Running;

namespace DotnetSdk.App;

/// <summary>An application as the SDK's documentation has it: cloud events unwrapped, topics, actors, workflows, jobs.</summary>
static class SdkApplication
{
    public static WebApplication Build(Settings settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{settings.AppPort}");
        builder.Services.AddSingleton<Seen>();
        builder.Services.AddDaprClient();
        builder.Services.AddActors(RegisterActors);
        builder.Services.AddDaprWorkflow(SdkWorkflows.Register);
        var app = builder.Build();
        app.UseCloudEvents(new CloudEventsMiddlewareOptions { ForwardCloudEventPropertiesAsHeaders = true });
        MapTopics(app, settings.PubSub);
        MapMethods(app);
        app.MapPost("/job/{name}", async (HttpContext http, Seen seen) => await seen.AddAsync(http));
        app.MapSubscribeHandler();
        app.MapActorsHandlers();
        return app;
    }

    static void RegisterActors(ActorRuntimeOptions actors)
    {
        actors.UseJsonSerialization = true;
        actors.DrainRebalancedActors = true;
        actors.Actors.RegisterActor<CounterActor>();
        actors.Actors.RegisterActor<ReentrantActor>(new ActorRuntimeOptions { UseJsonSerialization = true, ReentrancyConfig = new ActorReentrancyConfig { Enabled = true, MaxStackDepth = 5 } });
        actors.Actors.RegisterActor<IdleActor>(new ActorRuntimeOptions { UseJsonSerialization = true, ActorIdleTimeout = TimeSpan.FromSeconds(2), ActorScanInterval = TimeSpan.FromSeconds(1) });
    }

    static void MapTopics(WebApplication app, string pubSub)
    {
        On(Topics.Plain, TypedResults.Ok).WithTopic(pubSub, Topics.Plain);
        On(Topics.Dead, TypedResults.Ok).WithTopic(pubSub, Topics.Dead);
        On(Topics.Raw, TypedResults.Ok).WithTopic(pubSub, Topics.Raw, true);
        On(Topics.Failing, () => TypedResults.StatusCode(500)).WithTopic(new TopicOptions { PubsubName = pubSub, Name = Topics.Failing, DeadLetterTopic = Topics.Dead });
        On(Topics.Dropped, () => TypedResults.Json(new { status = "DROP" })).WithTopic(new TopicOptions { PubsubName = pubSub, Name = Topics.Dropped, DeadLetterTopic = Topics.Dead });
        On(Topics.Routed, TypedResults.Ok).WithTopic(pubSub, Topics.Routed);
        app.MapPost(Topics.SpecialPath, async (HttpContext http, Seen seen) => await seen.AddAsync(http))
            .WithTopic(new TopicOptions { PubsubName = pubSub, Name = Topics.Routed, Match = $"event.type == \"{Topics.SpecialType}\"", Priority = 1 });
        app.MapPost(Topics.PathOf(Topics.Typed), (Order order, Seen seen) => seen.Add(Topics.PathOf(Topics.Typed), JsonSerializer.Serialize(order))).WithTopic(pubSub, Topics.Typed);
        app.MapPost(Topics.PathOf(Topics.Bulk), (BulkSubscribeMessage<BulkMessageModel<Order>> batch, Seen seen) =>
            {
                seen.Add(Topics.PathOf(Topics.Bulk), JsonSerializer.Serialize(batch.Entries.Select(entry => entry.Event.Data)));
                return new BulkSubscribeAppResponse([.. batch.Entries.Select(entry => new BulkSubscribeAppResponseEntry(entry.EntryId, BulkSubscribeAppResponseStatus.SUCCESS))]);
            })
            .WithTopic(pubSub, Topics.Bulk)
            .WithBulkSubscribe(new BulkSubscribeTopicOptions { TopicName = Topics.Bulk, MaxMessagesCount = 10, MaxAwaitDurationMs = 500 });

        RouteHandlerBuilder On(string topic, Func<IResult> answer) => app.MapPost(Topics.PathOf(topic), async (HttpContext http, Seen seen) =>
        {
            await seen.AddAsync(http);
            return answer();
        });
    }

    static void MapMethods(WebApplication app)
    {
        app.MapGet("/orders/{id}", (string id, int amount) => new Order(id, amount));
        app.MapPost("/orders", (Order order) => order with { Amount = order.Amount + 1 });
        app.MapPost("/touch", async (HttpContext http, Seen seen) => await seen.AddAsync(http));
        app.MapPost("/teapot", () => TypedResults.Text("short and stout", statusCode: 418));
        app.MapGet("/missing", () => TypedResults.NotFound());
        app.MapMethods("/verb", ["GET", "POST", "PUT", "DELETE"], (HttpContext http) => new Order(http.Request.Method, 0, http.Request.Headers["x-sdk"]));
    }
}
