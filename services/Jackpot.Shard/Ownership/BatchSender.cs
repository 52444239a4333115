using System.Net;
using System.Net.Http.Headers;
using Jackpot.Ledger.Contributions;

namespace Jackpot.Shard.Ownership;

/// <summary>Sends a batch straight to the replica that owns its batcher. Sending one twice is safe: every item carries its idempotency key.</summary>
internal sealed partial class BatchSender(HttpClient http, ILogger<BatchSender> log)
{
    public const string TokenHeader = "X-Owner-Token";

    /// <summary>A process that has ended refuses at once; a host that is gone does not answer at all.</summary>
    public static readonly TimeSpan ConnectMax = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest that a batch waits for the owner's commit before the owner counts as hung.</summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    public static string PathOf(string batcher) => $"/internal/batchers/{Uri.EscapeDataString(batcher)}/batches";

    /// <summary>The answers, or null when the owner did not take the batch, is not the owner any more, or whether it took it is not known.</summary>
    public async Task<RecordedContribution[]?> TrySendAsync(BatcherOwner owner, ReadOnlyMemory<byte> batch, int count, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(owner.Address, PathOf(owner.Batcher)));
            request.Headers.Add(TokenHeader, owner.Token.ToString());
            request.Content = new ReadOnlyMemoryContent(batch) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
            using var response = await http.SendAsync(request, ct);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                LogNotTaken(log, owner.Batcher, owner.Address, (int)response.StatusCode);
                return null;
            }

            var answers = BatchCodec.ReadResponse(await response.Content.ReadAsByteArrayAsync(ct));
            return answers.Length == count ? answers : throw new InvalidDataException($"The owner answered {answers.Length} of {count} items.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            LogNotReached(log, owner.Batcher, owner.Address, e);
            return null;
        }
    }

    [LoggerMessage(EventId = 113, Level = LogLevel.Information, Message = "{Address} did not take a batch of batcher {Batcher} (status {Status}); its owner is looked up again")]
    static partial void LogNotTaken(ILogger logger, string batcher, Uri address, int status);

    [LoggerMessage(EventId = 114, Level = LogLevel.Warning, Message = "A batch of batcher {Batcher} got no answer from {Address}; it is sent again")]
    static partial void LogNotReached(ILogger logger, string batcher, Uri address, Exception exception);
}
