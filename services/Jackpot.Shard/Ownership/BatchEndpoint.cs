using System.Buffers;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.ServiceDefaults.Requests;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Ownership;

/// <summary>Where a replica takes the batches that others send it as their batcher's owner. They wait in its own batcher, beside its own bets.</summary>
internal sealed class BatchEndpoint(BatcherOwners owners, BatcherDirectory batchers)
{
    const int AnswerBytesTypical = 64;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/batchers/{batcher}/batches", (string batcher, HttpContext http, BatchEndpoint endpoint) => endpoint.TakeAsync(batcher, http)).ExcludeFromDescription();

    async Task TakeAsync(string batcher, HttpContext http)
    {
        if (!Guid.TryParse(http.Request.Headers[BatchSender.TokenHeader], out var token) || !owners.IsMeant(batcher, token))
        {
            await Problem.WriteAsync(http, Refusal.NotTheOwner, $"this replica is not the owner of batcher '{batcher}' in the epoch that {BatchSender.TokenHeader} names; read the owner again");
            return;
        }

        var (fits, items) = await RequestBody.ParseAsync(http.Request, ContributionEndpoints.BatchBytesMax, Read);
        if (!fits || items is null)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, "the body is not a batch of this version of the shard");
            return;
        }

        await WriteAsync(http, await RecordAsync(batcher, items));
    }

    static AcceptedContribution[]? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var items = new AcceptedContribution[BatchCodec.ItemsMax];
            return items[..BatchCodec.ReadRequest(body.Span, items)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    async Task<RecordedContribution[]> RecordAsync(string batcherId, AcceptedContribution[] items)
    {
        var (batcher, answers) = (batchers.Named(batcherId), new PendingAnswers(items.Length));
        for (var i = 0; i < items.Length; i++)
        {
            if (!batcher.TryAdd(items[i], answers, i))
            {
                answers.Set(i, RecordedContribution.Unavailable);
            }
        }

        await answers.Task;
        return [.. answers.Answers.Select(answer => answer!)];
    }

    static async Task WriteAsync(HttpContext http, RecordedContribution[] answers)
    {
        var bytes = new ArrayBufferWriter<byte>(answers.Length * AnswerBytesTypical + AnswerBytesTypical);
        BatchCodec.WriteResponse(bytes, answers);
        http.Response.ContentType = "application/octet-stream";
        http.Response.ContentLength = bytes.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(bytes.WrittenMemory, http.RequestAborted);
    }
}
