using System.Collections.Concurrent;
using Dapr.AppCallback.Autogen.Grpc.v1;
using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;
using Jackpot.LocalDapr.Calls;
using EventStatus = Dapr.AppCallback.Autogen.Grpc.v1.TopicEventResponse.Types.TopicEventResponseStatus;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Delivery over a stream that the application opened: one event goes out, its verdict comes back under the same id.</summary>
sealed class AppStream(IServerStreamWriter<SubscribeTopicEventsResponseAlpha1> writer, CancellationToken closed)
{
    readonly ConcurrentDictionary<string, TaskCompletionSource<EventStatus>> _pending = new();
    readonly SemaphoreSlim _writing = new(1);

    public async Task<Verdict> DeliverAsync(string path, ReadOnlyMemory<byte> envelope, BrokerMessage message, CancellationToken cancellation)
    {
        var request = TopicEvents.Read(envelope);
        var answered = new TaskCompletionSource<EventStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_pending.TryAdd(request.Id, answered))
        {
            throw new RetryableDeliveryException(409, "the same event is on its way over this stream already");
        }
        try
        {
            await SendAsync(new SubscribeTopicEventsResponseAlpha1 { EventMessage = request }, cancellation);
            return VerdictOf(await answered.Task.WaitAsync(cancellation));
        }
        finally
        {
            _pending.TryRemove(request.Id, out _);
        }
    }

    /// <summary>Sends the answer to the application's first message, then takes its verdicts until it closes the stream.</summary>
    public async Task RunAsync(IAsyncStreamReader<SubscribeTopicEventsRequestAlpha1> reader)
    {
        await SendAsync(new SubscribeTopicEventsResponseAlpha1 { InitialResponse = new() }, closed);
        while (await reader.MoveNext(closed))
        {
            if (reader.Current.EventProcessed is not { } processed)
            {
                throw GrpcFailure.Of(StatusCode.InvalidArgument, "the stream is subscribed already; an event_processed is expected");
            }
            if (_pending.TryGetValue(processed.Id, out var answered))
            {
                answered.TrySetResult(processed.Status?.Status ?? EventStatus.Success);
            }
        }
    }

    async Task SendAsync(SubscribeTopicEventsResponseAlpha1 response, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            // Giving up one event must not break off the stream in the middle of a message.
            await writer.WriteAsync(response, CancellationToken.None);
        }
        catch (Exception gone) when (gone is InvalidOperationException or IOException)
        {
            throw new RetryableDeliveryException(503, $"the application's stream does not take the event: {gone.Message}");
        }
        finally
        {
            _writing.Release();
        }
    }

    static Verdict VerdictOf(EventStatus status) => status switch
    {
        EventStatus.Success => Verdict.Success,
        EventStatus.Drop => Verdict.Drop,
        _ => throw new RetryableDeliveryException(200, "the application asked for a retry"),
    };
}
