using System.Diagnostics;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Invocation;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Actors;

/// <summary>The invoke API of actors: the platform's hot path, so bodies are read once into rented buffers and nothing is logged per call.</summary>
static class ActorInvocation
{
    public static async Task InvokeAsync(HttpContext http, Sidecar sidecar)
    {
        var key = new ActorKey(http.Segment("type"), http.Segment("id"));
        var method = http.Segment("method");
        if (key.IsReserved)
        {
            await http.Error(500, "ERR_ACTOR_INVOKE_METHOD", $"error invoke actor method: no such method: {method}");
            return;
        }
        if (!ActorKey.IsLegalName(key.Type) || !ActorKey.IsLegalName(key.Id) || !ActorKey.IsLegalName(method))
        {
            await http.Error(400, "ERR_MALFORMED_REQUEST", "the actor's type, id or method has a character that is not allowed");
            return;
        }
        using var body = await PooledBody.ReadAsync(http.Request);
        var turn = new MethodTurn(http.Request, body.Memory, method);
        var startedAt = Stopwatch.GetTimestamp();
        var done = false;
        try
        {
            using var answer = await sidecar.Actors.RunTurnAsync(key, turn, http.RequestAborted);
            await WriteAsync(http, answer);
            done = true;
        }
        catch (Exception failed) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            await http.Error(500, "ERR_ACTOR_INVOKE_METHOD", $"error invoke actor method: {failed.Message}");
        }
        finally
        {
            sidecar.Node.Metrics.Of("dapr_runtime_actor_invoke", sidecar.Options.AppId, key.Type).Add(startedAt, done);
        }
    }

    static async Task WriteAsync(HttpContext http, ActorAnswer answer)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        ForwardedHeaders.Copy(answer.Response, http.Response);
        http.Response.ContentLength = answer.Body.Length;
        await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }
}
