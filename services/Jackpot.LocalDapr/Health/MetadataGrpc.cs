using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf.WellKnownTypes;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.PubSub;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Health;

/// <summary>What the sidecar tells about itself over gRPC, and its end.</summary>
static class MetadataGrpc
{
    public static void BindMetadata(this MethodBinder methods)
    {
        methods.Unary<GetMetadataRequest, GetMetadataResponse>("GetMetadata", (sidecar, _, _) => Task.FromResult(Describe(sidecar)));
        methods.Unary<SetMetadataRequest, Empty>("SetMetadata", (sidecar, request, _) =>
        {
            sidecar.Extended[request.Key] = request.Value;
            return Task.FromResult(new Empty());
        });
        methods.Unary<ShutdownRequest, Empty>("Shutdown", async (sidecar, _, _) =>
        {
            await sidecar.ShutDownAsync();
            return new Empty();
        });
    }

    static GetMetadataResponse Describe(Sidecar sidecar)
    {
        var actors = (sidecar.ActorHost?.Counts() ?? []).Select(counted => new ActiveActorsCount { Type = counted.Type, Count = counted.Count }).ToArray();
        var response = new GetMetadataResponse
        {
            Id = sidecar.Options.AppId,
            RuntimeVersion = MetadataEndpoints.RuntimeVersion,
            ActorRuntime = new ActorRuntime
            {
                RuntimeStatus = sidecar.IsReady ? ActorRuntime.Types.ActorRuntimeStatus.Running : ActorRuntime.Types.ActorRuntimeStatus.Initializing,
                ActiveActors = { actors },
                HostReady = sidecar.IsReady,
                Placement = sidecar.Actors.PlacementStatus,
            },
            Workflows = new MetadataWorkflows { ConnectedWorkers = sidecar.ConnectedWorkers },
            RegisteredComponents =
            {
                sidecar.Components.All.Select(component =>
                    new RegisteredComponents { Name = component.Name, Type = component.Type.Name, Version = component.Version, Capabilities = { component.Type.Capabilities } }),
            },
            Subscriptions = { sidecar.Subscriptions.All.Select(SubscriptionOf) },
            AppConnectionProperties = ConnectionOf(sidecar),
        };
#pragma warning disable CS0612 // The older place of the same numbers; SDKs still read them here.
        response.ActiveActorsCount.AddRange(actors);
#pragma warning restore CS0612
        response.ExtendedMetadata["daprRuntimeVersion"] = MetadataEndpoints.RuntimeVersion;
        foreach (var (name, value) in sidecar.Extended)
        {
            response.ExtendedMetadata[name] = value;
        }
        return response;
    }

    static PubsubSubscription SubscriptionOf(Subscription subscription)
    {
        var response = new PubsubSubscription
        {
            PubsubName = subscription.PubSubName,
            Topic = subscription.Topic,
            DeadLetterTopic = subscription.DeadLetterTopic ?? "",
            Type = System.Enum.Parse<PubsubSubscriptionType>(subscription.Kind, ignoreCase: true),
            Rules = new PubsubSubscriptionRules { Rules = { subscription.Rules.Select(rule => new PubsubSubscriptionRule { Match = rule.Match?.Text ?? "", Path = rule.Path }) } },
        };
        response.Metadata.Add(subscription.Metadata.ToDictionary());
        return response;
    }

    static AppConnectionProperties? ConnectionOf(Sidecar sidecar) => sidecar.App is not { } app ? null : new AppConnectionProperties
    {
        Port = app.Port,
        Protocol = "http",
        ChannelAddress = "127.0.0.1",
        Health = !sidecar.Options.EnableAppHealthCheck ? null : new AppConnectionHealthProperties
        {
            HealthCheckPath = sidecar.Options.AppHealthCheckPath,
            HealthProbeInterval = $"{sidecar.Options.AppHealthProbeIntervalSeconds}s",
            HealthProbeTimeout = $"{sidecar.Options.AppHealthProbeTimeoutMilliseconds}ms",
            HealthThreshold = sidecar.Options.AppHealthThreshold,
        },
    };
}
