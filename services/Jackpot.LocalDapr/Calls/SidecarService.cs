using Dapr.DurableTask.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Jackpot.LocalDapr.Bindings;
using Jackpot.LocalDapr.Health;
using Jackpot.LocalDapr.Invocation;
using Jackpot.LocalDapr.Jobs;
using Jackpot.LocalDapr.PubSub;
using Jackpot.LocalDapr.Secrets;
using Jackpot.LocalDapr.State;
using Jackpot.LocalDapr.Workflows;

namespace Jackpot.LocalDapr.Calls;

/// <summary>
/// The gRPC API of a sidecar. The packages with Dapr's messages have clients and no base class for a server, so each method is bound by its name
/// in the service's descriptor.
/// </summary>
sealed class SidecarService
{
    public static void Add(IServiceCollection services, int messageBytesMax)
    {
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = messageBytesMax;
            grpc.MaxSendMessageSize = messageBytesMax;
            grpc.EnableDetailedErrors = true;
            // An unknown method is left to service invocation, which answers Unknown as daprd does.
            grpc.IgnoreUnknownServices = true;
        });
        services.AddSingleton<SidecarService>();
        services.AddSingleton<IServiceMethodProvider<SidecarService>, Methods>();
    }

    sealed class Methods : IServiceMethodProvider<SidecarService>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<SidecarService> context)
        {
            var dapr = new MethodBinder(context, Dapr.Client.Autogen.Grpc.v1.Dapr.Descriptor);
            dapr.BindState();
            dapr.BindPublish();
            dapr.BindSubscribe();
            dapr.BindSecrets();
            dapr.BindJobs();
            dapr.BindBindings();
            dapr.BindInvocation();
            dapr.BindMetadata();
            new MethodBinder(context, TaskHubSidecarService.Descriptor).BindWorkflows();
        }
    }
}
