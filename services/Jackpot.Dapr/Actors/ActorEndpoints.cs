using System.Buffers;
using System.Text.Json;
using Jackpot.ServiceDefaults.Routing;
using Jackpot.Dapr.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Actors;

/// <summary>
/// The routes through which the sidecar runs this app's actors. The sidecar asks <c>/dapr/config</c> once, right after it could connect to
/// the app's port; a wrong answer then means "no actors" for good. So these routes must be mapped before the server starts, which in
/// ASP.NET Core is any time before <c>app.Run()</c>; nothing may answer the port earlier.
/// </summary>
public static partial class ActorEndpoints
{
    /// <summary>Maps <c>GET /dapr/config</c> and the callbacks under <c>/actors</c>.</summary>
    public static IEndpointRouteBuilder MapActorsHandlers(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/dapr/config", (ActorRuntime runtime) => Results.Json(ActorAppConfig.Of(runtime.Options), JsonSerializerOptions.Web)).RequireSidecarToken();
        endpoints.MapPut("/actors/{type}/{id}/method/{method}", CallMethodAsync).RequireSidecarToken();
        endpoints.MapPut("/actors/{type}/{id}/method/remind/{name}", RemindAsync).RequireSidecarToken();
        endpoints.MapPut("/actors/{type}/{id}/method/timer/{name}", FireTimerAsync).RequireSidecarToken();
        endpoints.MapDelete("/actors/{type}/{id}", DeactivateAsync).RequireSidecarToken();
        return endpoints;
    }

    static async Task CallMethodAsync(HttpContext http)
    {
        var runtime = http.RequestServices.GetRequiredService<ActorRuntime>();
        if (runtime.FindType(Route(http, "type")) is not { } type || type.FindMethod(Route(http, "method")) is not { } method)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var id = IdOf(http);
        try
        {
            await (method.CallRaw is null ? CallJsonAsync(http, runtime, type, id, method) : CallRawAsync(http, runtime, type, id, method));
        }
#pragma warning disable CA1031 // The edge of the actor: whatever its method throws goes to the caller, marked, and into the log.
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogMethodFailed(Logger(http), type.ActorTypeName, id.GetId(), method.Name, failure);
            await ActorErrorMarker.WriteAsync(http.Response, failure, http.RequestAborted);
        }
    }

    static async Task CallJsonAsync(HttpContext http, ActorRuntime runtime, ActorTypeInformation type, ActorId id, ActorMethod method)
    {
        var json = runtime.Options.JsonSerializerOptions;
        using var body = await PooledBody.ReadAsync(http.Request);
        var argument = method.ArgumentType is null || body.Bytes.IsEmpty ? Default(method.ArgumentType) : JsonSerializer.Deserialize(body.Bytes.Span, method.ArgumentType, json);
        var answer = await runtime.RunTurnAsync(type, id, new(method.Name, ActorCallType.ActorInterfaceMethod), Chain(http), async actor =>
        {
            var task = method.Call(actor, argument, http.RequestAborted);
            await task;
            return method.ReadResult is null ? null : JsonSerializer.SerializeToUtf8Bytes(method.ReadResult(task), method.ResultType!, json);
        }, http.RequestAborted);
        await WriteAsync(http, answer ?? ReadOnlyMemory<byte>.Empty, "application/json");
    }

    static async Task CallRawAsync(HttpContext http, ActorRuntime runtime, ActorTypeInformation type, ActorId id, ActorMethod method)
    {
        using var body = await PooledBody.ReadAsync(http.Request);
        var answer = await runtime.RunTurnAsync(
            type, id, new(method.Name, ActorCallType.ActorInterfaceMethod), Chain(http), actor => method.CallRaw!(actor, body.Bytes, http.RequestAborted), http.RequestAborted);
        await WriteAsync(http, answer, "application/octet-stream");
    }

    static async Task RemindAsync(HttpContext http)
    {
        var runtime = http.RequestServices.GetRequiredService<ActorRuntime>();
        if (runtime.FindType(Route(http, "type")) is not { } type || !typeof(IRemindable).IsAssignableFrom(type.ImplementationType))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var name = Route(http, "name");
        var tick = await ActorTick.ReadAsync(http.Request, runtime.Options.JsonSerializerOptions, http.RequestAborted);
        await TickAsync(http, runtime, type, new(name, ActorCallType.ReminderMethod),
            actor => ((IRemindable)actor).ReceiveReminderAsync(name, tick.Bytes, tick.DueTime, tick.Period));
    }

    static async Task FireTimerAsync(HttpContext http)
    {
        var runtime = http.RequestServices.GetRequiredService<ActorRuntime>();
        var tick = await ActorTick.ReadAsync(http.Request, runtime.Options.JsonSerializerOptions, http.RequestAborted);
        if (runtime.FindType(Route(http, "type")) is not { } type || type.FindTimerCallback(tick.Callback) is not { } callback)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await TickAsync(http, runtime, type, new(Route(http, "name"), ActorCallType.TimerMethod), actor => callback.Call(actor, tick.Bytes));
    }

    /// <summary>A failed tick answers 500, so that the reminder's failure policy applies.</summary>
    static async Task TickAsync(HttpContext http, ActorRuntime runtime, ActorTypeInformation type, ActorMethodContext context, Func<Actor, Task> turn)
    {
        var id = IdOf(http);
        try
        {
            await runtime.RunTurnAsync(type, id, context, null, async actor =>
            {
                await turn(actor);
                return true;
            }, http.RequestAborted);
        }
#pragma warning disable CA1031 // As above: the sidecar is told by the status, the operator by the log.
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogMethodFailed(Logger(http), type.ActorTypeName, id.GetId(), context.MethodName, failure);
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await http.Response.WriteAsync(failure.Message, http.RequestAborted);
        }
    }

    static Task DeactivateAsync(HttpContext http) =>
        http.RequestServices.GetRequiredService<ActorRuntime>().DeactivateAsync(Route(http, "type"), IdOf(http), http.RequestAborted);

    static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> answer, string contentType)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentLength = answer.Length;
        if (!answer.IsEmpty)
        {
            http.Response.ContentType = contentType;
            await http.Response.BodyWriter.WriteAsync(answer, http.RequestAborted);
        }
    }

    static string Route(HttpContext http, string name) => RouteText.Of(http, name);

    /// <summary>An id that no actor can have is the caller's fault.</summary>
    static ActorId IdOf(HttpContext http)
    {
        try
        {
            return new ActorId(Route(http, "id"));
        }
        catch (ArgumentException no)
        {
            throw new BadHttpRequestException(no.Message, no);
        }
    }

    static string? Chain(HttpContext http) => http.Request.Headers[ActorReentrancy.Header] is [{ Length: > 0 } chain] ? chain : null;

    static object? Default(Type? type) => type is { IsValueType: true } ? Activator.CreateInstance(type) : null;

    static ILogger Logger(HttpContext http) => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ActorEndpoints));

    [LoggerMessage(10, LogLevel.Warning, "Actor {Type}/{Id}: {Method} failed")]
    static partial void LogMethodFailed(ILogger logger, string type, string id, string method, Exception cause);
}
