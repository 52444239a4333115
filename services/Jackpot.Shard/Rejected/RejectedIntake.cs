using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace Jackpot.Shard.Rejected;

/// <summary>Where the region's gateway, which stores nothing, hands over what it could not take off a stream. No gateway routes to it.</summary>
internal sealed class RejectedIntake(RejectedMessages messages)
{
    public const string Path = "/internal/rejected";

    /// <summary>Largest body: a whole delivery of what is no bet at all.</summary>
    const int BytesMax = 48 << 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var intake = routes.ServiceProvider.GetRequiredService<RejectedIntake>();
        routes.MapPost(Path, (Delegate)intake.TakeAsync).ExcludeFromDescription();
    }

    /// <summary>204: all are kept, some perhaps since earlier. 503: none is, and they must come again.</summary>
    async Task TakeAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = BytesMax;
        }

        if (await StrictBody.ReadAsync(http, BytesMax, bytes => JsonSerializer.Deserialize(bytes.Span, RejectedJson.Default.RejectedBatchBody)) is not { } batch)
        {
            return;
        }

        if (batch.Messages.Count > RejectedMessages.MessagesMax || batch.Messages.Any(message => message is null))
        {
            await Problem.WriteAsync(http, Refusal.BatchTooLarge, $"at most {RejectedMessages.MessagesMax} messages are taken at once, and none may be null");
            return;
        }

        var kept = await messages.TryKeepAsync([.. batch.Messages.Select(message => new RejectedMessage(
            message.Topic, message.TenantId, message.Reason, message.Detail, message.EventId ?? "", message.Body))], http.RequestAborted);
        if (kept)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await Problem.WriteAsync(http, Refusal.Unavailable, "nothing was kept: the table is full (see /v1/admin/rejected) or the database is away; leave the messages with the broker");
    }
}
