using Yarp.ReverseProxy.Forwarder;

namespace Jackpot.Gateway.Routing;

/// <summary>How the gateway speaks to shards: one pool of kept-alive connections per replica.</summary>
sealed class ShardClients : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        // Trace headers pass through as the client sent them.
        handler.ActivityHeadersPropagator = null;
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new HeadWithBody(base.WrapHandler(context, handler));
}
