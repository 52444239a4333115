using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Contributions;

/// <summary>The endpoints that contributions come in by: one at a time, or up to <see cref="BatchCodec.ItemsMax"/> with an answer each.</summary>
internal sealed class ContributionEndpoints(TenantDirectory tenants, ContributionIntake endpoint, SlowPath slowPath)
{
    /// <summary>Largest body of a single contribution.</summary>
    public const int SingleBytesMax = 16 * 1024;

    /// <summary>Largest body of a batch.</summary>
    public const int BatchBytesMax = 2 * 1024 * 1024;

    /// <summary>Set when the answer is that of an earlier request with the same key; the body is the same to the byte.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    const string KeyHeader = "Idempotency-Key";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<ContributionEndpoints>();
        routes.MapDocumentedPost<ContributionBody, ContributionAnswered>("/v1/jp/contributions", endpoints.RecordOneAsync, "Record one contribution")
            .Produces<ContributionHeld>(StatusCodes.Status202Accepted);
        routes.MapDocumentedPost<ContributionBatchBody, BatchAnswered>(
            "/v1/jp/contributions/batch", endpoints.RecordBatchAsync, "Record up to 1,000 contributions, each answered for itself");
        routes.MapDocumentedPost<ContributionBody, ContributionAnswered>(
            "/jackpot/{jackpotId}/contribute", endpoints.RecordOneAsync, "Short form of /v1/jp/contributions");
    }

    async Task RecordOneAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant
            || await StrictBody.ReadAsync(http, SingleBytesMax, ContributionBodies.One) is not { } request)
        {
            return;
        }

        request.JackpotId ??= http.Request.RouteValues["jackpotId"] as string;
        request.IdempotencyKey ??= http.Request.Headers[KeyHeader].FirstOrDefault();
        var answers = new PendingAnswers(1);
        var refused = endpoint.TryQueue(request, tenant.TenantId, answers, 0, out var queued);
        if (refused is null)
        {
            await answers.Task;
            endpoint.Settle(queued, tenant.TenantId, answers.Answers[0]!);
        }

        if (ContributionIntake.NeedsSlowPath(refused, answers.Answers[0]))
        {
            var looked = await slowPath.TakeAsync([new Incoming(request, tenant.TenantId)], http.RequestAborted);
            await AnswerAsync(http, looked[0]);
        }
        else if ((refused ?? RefusedContribution.Of(answers.Answers[0]!.Kind)) is { } problem)
        {
            await Problem.WriteAsync(http, problem.Refusal, problem.Detail, reason: problem.Reason);
        }
        else
        {
            await AnswerStoredAsync(http, queued.Jackpot!, request.ContributionId!, answers.Answers[0]!);
        }
    }

    static Task AnswerStoredAsync(HttpContext http, JackpotEntry jackpot, string contributionId, RecordedContribution recorded)
    {
        if (recorded.Kind == RecordedKind.Duplicate)
        {
            http.Response.Headers[ReplayedHeader] = "true";
        }

        return AnswerBuffer.WriteAsync(
            http, (contributionId, jackpot, recorded), static (json, answer) => ContributionAnswer.Write(json, answer.contributionId, answer.jackpot, answer.recorded));
    }

    /// <summary>A request that reaches one jackpot is answered as ever, or 202 when it is held; one that may reach several always gets a list.</summary>
    static async Task AnswerAsync(HttpContext http, ContributionRouting routing)
    {
        if ((routing.Refused ?? routing.Single?.Refusal) is { } refused)
        {
            await Problem.WriteAsync(http, refused.Refusal, refused.Detail, reason: refused.Reason);
        }
        else if (routing.Single is { Recorded: { } recorded } single)
        {
            await AnswerStoredAsync(http, single.Jackpot, routing.ContributionId, recorded);
        }
        else
        {
            await AnswerPartsAsync(http, routing);
        }
    }

    static async Task AnswerPartsAsync(HttpContext http, ContributionRouting routing)
    {
        http.Response.StatusCode = routing.IsFanOut ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        http.Response.ContentType = "application/json";
        using (var json = new Utf8JsonWriter(http.Response.BodyWriter))
        {
            if (routing.IsFanOut)
            {
                json.WriteStartObject();
                ContributionAnswer.WriteParts(json, routing);
                json.WriteEndObject();
            }
            else
            {
                ContributionAnswer.Write(json, routing.ContributionId, routing.Single!);
            }
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    async Task RecordBatchAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant
            || await StrictBody.ReadUncheckedAsync(http, BatchBytesMax, ContributionBodies.Batch) is not { } requests)
        {
            return;
        }

        if (requests.Count is 0 or > BatchCodec.ItemsMax)
        {
            await Problem.WriteAsync(http, requests.Count == 0 ? Refusal.BatchEmpty : Refusal.BatchTooLarge,
                $"send 1 to {BatchCodec.ItemsMax} contributions in 'contributions'");
            return;
        }

        var items = await endpoint.TakeAsync([.. requests.Select(request => new Incoming(request, tenant.TenantId))], http.RequestAborted);
        await AnswerBatchAsync(http, requests, items);
    }

    static async Task AnswerBatchAsync(HttpContext http, List<ContributionRequest> requests, IntakeItem[] items)
    {
        http.Response.ContentType = "application/json";
        foreach (var item in items)
        {
            if (item.Refusal is { } refused)
            {
                Problem.For(refused.Refusal).AskToRetry(http.Response);
            }
        }

        using (var json = new Utf8JsonWriter(http.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteStartArray("results"u8);
            for (var i = 0; i < items.Length; i++)
            {
                WriteItem(json, requests[i].ContributionId ?? "", items[i]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    static void WriteItem(Utf8JsonWriter json, string contributionId, in IntakeItem item)
    {
        if (item.Refusal is { } refused)
        {
            WriteRefused(json, contributionId, refused);
        }
        else if (item.Looked is { IsFanOut: true } several)
        {
            json.WriteStartObject();
            json.WriteString("jp_contrib_id"u8, contributionId);
            json.WriteString("status"u8, "several"u8);
            ContributionAnswer.WriteParts(json, several);
            json.WriteEndObject();
        }
        else if (item.Looked is { } one)
        {
            ContributionAnswer.Write(json, contributionId, one.Single!);
        }
        else
        {
            ContributionAnswer.Write(json, contributionId, item.Queued.Jackpot!, item.Recorded!);
        }
    }

    static void WriteRefused(Utf8JsonWriter json, string contributionId, RefusedContribution refused)
    {
        json.WriteStartObject();
        json.WriteString("jp_contrib_id"u8, contributionId);
        json.WriteString("status"u8, "refused"u8);
        json.WritePropertyName("problem"u8);
        Problem.For(refused.Refusal).Write(json, refused.Detail, reason: refused.Reason);
        json.WriteEndObject();
    }
}
