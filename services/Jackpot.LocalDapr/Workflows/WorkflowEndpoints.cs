using System.Globalization;
using System.Text;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Sidecars;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>Workflow management over HTTP; the component is called <c>dapr</c>.</summary>
static class WorkflowEndpoints
{
    const int InstanceIdLengthMax = 64;

    static readonly string[] Prefixes = ["/v1.0", "/v1.0-beta1", "/v1.0-alpha1"];

    public static void MapWorkflows(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in Prefixes)
        {
            var workflows = prefix + "/workflows/{component}/";
            routes.MapDapr(Post, workflows + "{name}/start", (http, sidecar) => Guard(http, sidecar, "ERR_START_WORKFLOW", StartAsync));
            routes.MapDapr(Get, workflows + "{id}", (http, sidecar) => Guard(http, sidecar, "ERR_GET_WORKFLOW", ReadAsync));
            routes.MapDapr(Post, workflows + "{id}/raiseEvent/{event}", (http, sidecar) => Guard(http, sidecar, "ERR_RAISE_EVENT_WORKFLOW", RaiseAsync));
            routes.MapDapr(Post, workflows + "{id}/pause", (http, sidecar) => Guard(http, sidecar, "ERR_PAUSE_WORKFLOW", (http, manage) =>
                AcceptedAsync(http, manage.SuspendAsync(http.Segment("id"), null, http.RequestAborted))));
            routes.MapDapr(Post, workflows + "{id}/resume", (http, sidecar) => Guard(http, sidecar, "ERR_RESUME_WORKFLOW", (http, manage) =>
                AcceptedAsync(http, manage.ResumeAsync(http.Segment("id"), null, http.RequestAborted))));
            routes.MapDapr(Post, workflows + "{id}/terminate", (http, sidecar) => Guard(http, sidecar, "ERR_TERMINATE_WORKFLOW", (http, manage) =>
                AcceptedAsync(http, manage.TerminateAsync(http.Segment("id"), null, IsRecursive(http), http.RequestAborted))));
            routes.MapDapr(Post, workflows + "{id}/purge", (http, sidecar) => Guard(http, sidecar, "ERR_PURGE_WORKFLOW", (http, manage) =>
                AcceptedAsync(http, manage.PurgeAsync(http.Segment("id"), IsRecursive(http), http.Request.Query["force"] == "true", http.RequestAborted))));
        }
    }

    static async Task Guard(HttpContext http, Sidecar sidecar, string code, Func<HttpContext, WorkflowManagement, Task> handle)
    {
        if (sidecar.Workflows is not { } engine)
        {
            await http.Error(500, "ERR_ACTOR_RUNTIME_NOT_FOUND", "the state store is not configured to use the actor runtime");
            return;
        }
        if (http.Segment("component") is not "dapr" and var component)
        {
            await http.Error(400, "ERR_WORKFLOW_COMPONENT_NOT_FOUND", $"workflow component does not exist: {component}");
            return;
        }
        try
        {
            await handle(http, new WorkflowManagement(engine, sidecar.Clock));
        }
        catch (RpcException unknown) when (unknown.Status.Detail == WorkflowErrors.NoSuchInstance)
        {
            await http.Error(404, "ERR_INSTANCE_ID_NOT_FOUND", $"unable to find workflow with the provided instance ID: {http.Request.RouteValues["id"]}");
        }
        catch (RpcException refused)
        {
            await http.Error(refused.StatusCode == StatusCode.InvalidArgument ? 400 : 500, code, refused.Status.Detail);
        }
    }

    static async Task StartAsync(HttpContext http, WorkflowManagement manage)
    {
        var id = http.Request.Query["instanceID"].ToString() is { Length: > 0 } given ? given : Guid.NewGuid().ToString();
        if (id.Length > InstanceIdLengthMax)
        {
            await http.Error(400, "ERR_INSTANCE_ID_TOO_LONG", $"workflow instance ID exceeds the max length of {InstanceIdLengthMax} characters");
            return;
        }
        if (!id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'))
        {
            await http.Error(400, "ERR_INSTANCE_ID_INVALID", $"workflow instance ID '{id}' is invalid: only alphanumeric and underscore characters are allowed");
            return;
        }
        using var body = await PooledBody.ReadAsync(http.Request);
        var request = new CreateInstanceRequest
        {
            InstanceId = id,
            Name = http.Segment("name"),
            Input = body.Memory.IsEmpty ? null : Encoding.UTF8.GetString(body.Memory.Span),
        };
        await manage.StartAsync(request, http.RequestAborted);
        await http.Json(202, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("instanceID", id);
            writer.WriteEndObject();
        });
    }

    static async Task ReadAsync(HttpContext http, WorkflowManagement manage)
    {
        var state = await manage.FindAsync(http.Segment("id"), true, http.RequestAborted) ?? throw GrpcFailure.Of(StatusCode.Unknown, WorkflowErrors.NoSuchInstance);
        await http.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("instanceID", state.InstanceId);
            writer.WriteString("workflowName", state.Name);
            writer.WriteString("createdAt", Instant(state.CreatedTimestamp));
            writer.WriteString("lastUpdatedAt", Instant(state.LastUpdatedTimestamp));
            writer.WriteString("runtimeStatus", state.WorkflowStatus.ToString().ToUpperInvariant());
            writer.WriteStartObject("properties");
            Property("dapr.workflow.input", state.Input);
            Property("dapr.workflow.output", state.Output);
            Property("dapr.workflow.custom_status", state.CustomStatus);
            Property("dapr.workflow.failure.error_type", state.FailureDetails?.ErrorType);
            Property("dapr.workflow.failure.error_message", state.FailureDetails?.ErrorMessage);
            writer.WriteEndObject();
            writer.WriteEndObject();

            void Property(string name, string? value)
            {
                if (value is not null)
                {
                    writer.WriteString(name, value);
                }
            }
        });
    }

    static async Task RaiseAsync(HttpContext http, WorkflowManagement manage)
    {
        using var body = await PooledBody.ReadAsync(http.Request);
        await AcceptedAsync(http, manage.RaiseAsync(
            http.Segment("id"), http.Segment("event"), body.Memory.IsEmpty ? null : Encoding.UTF8.GetString(body.Memory.Span), http.RequestAborted));
    }

    static async Task AcceptedAsync(HttpContext http, Task done)
    {
        await done;
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    static bool IsRecursive(HttpContext http) => http.Request.Query["non_recursive"] != "true";

    static string Instant(Timestamp timestamp) => timestamp.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
