using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Invocation;

/// <summary>One call of an application by another through their sidecars, once.</summary>
static class AppCall
{
    public const string AppIdHeader = "dapr-app-id";

    /// <param name="caller">The calling application's sidecar.</param>
    /// <param name="target">An app id, or app id and namespace with a dot between them.</param>
    /// <param name="requestTo">Makes the request, given the application's base address.</param>
    /// <param name="cancellation">Gives the call up.</param>
    /// <exception cref="UnknownAppException">No sidecar of this process serves that application.</exception>
    public static async Task<HttpResponseMessage> SendAsync(Sidecar caller, string target, Func<string, HttpRequestMessage> requestTo, CancellationToken cancellation)
    {
        var (appId, appNamespace) = target.Split('.', 2) is [var id, var named] ? (id, named) : (target, caller.Options.Namespace);
        var callee = caller.Node.Sidecars.FirstOrDefault(other => IsReachable(other, appId, appNamespace) && other.App!.IsHealthy)
            ?? caller.Node.Sidecars.FirstOrDefault(other => IsReachable(other, appId, appNamespace))
            ?? throw new UnknownAppException(appId);
        var request = requestTo(callee.App!.BaseAddress);
        request.Headers.Remove(AppIdHeader);
        request.Headers.TryAddWithoutValidation("dapr-caller-app-id", caller.Options.AppId);
        request.Headers.TryAddWithoutValidation("dapr-caller-namespace", caller.Options.Namespace);
        request.Headers.TryAddWithoutValidation("dapr-callee-app-id", appId);
        return await callee.App.SendAsync(request, cancellation);
    }

    static bool IsReachable(Sidecar sidecar, string appId, string appNamespace) =>
        sidecar.Options.AppId == appId && sidecar.Options.Namespace == appNamespace && sidecar.App is not null;
}

/// <summary>No sidecar of this process serves that app.</summary>
sealed class UnknownAppException(string appId) : Exception($"couldn't find service: {appId}");
