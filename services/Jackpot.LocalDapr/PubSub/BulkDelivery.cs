using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Apps;
using Jackpot.LocalDapr.Resiliency;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Hands a batch to the app in one call; every entry has its own answer, and a missing one means RETRY.</summary>
sealed partial class BulkDelivery(Subscription subscription, AppChannel app, Policy policy, DeadLetter deadLetter, ILogger logger)
{
    static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task<bool[]> HandleAsync(IReadOnlyList<BrokerMessage> messages, CancellationToken cancellation)
    {
        // A message that is no event is dropped alone; in the batch it would make the delivery unreadable for all the others.
        var verdicts = messages.Select(message => subscription.IsRaw || CloudEvent.IsReadable(message.Data.Span) ? (Verdict?)null : Verdict.Drop).ToArray();
        if (Array.TrueForAll(verdicts, verdict => verdict is not null))
        {
            return await ConcludeAsync(messages, verdicts, cancellation);
        }
        try
        {
            await policy.RunAsync(token => TryAsync(messages, verdicts, token), cancellation);
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogFailed(subscription.Topic, failed.Message);
        }
        return await ConcludeAsync(messages, verdicts, cancellation);
    }

    async Task<bool[]> ConcludeAsync(IReadOnlyList<BrokerMessage> messages, Verdict?[] verdicts, CancellationToken cancellation)
    {
        var done = new bool[messages.Count];
        for (var i = 0; i < messages.Count; i++)
        {
            done[i] = verdicts[i] == Verdict.Success
                || ((verdicts[i] == Verdict.Drop || deadLetter.IsConfigured) && await deadLetter.TakeAsync(messages[i], cancellation));
        }
        return done;
    }

    /// <summary>One call with the entries that are still open; throws while some remain, so that the policy can repeat it.</summary>
    async Task TryAsync(IReadOnlyList<BrokerMessage> messages, Verdict?[] verdicts, CancellationToken cancellation)
    {
        var open = Enumerable.Range(0, messages.Count).Where(i => verdicts[i] is null or Verdict.Retry).ToArray();
        var content = new ReadOnlyMemoryContent(Body(messages, open));
        content.Headers.ContentType = Json;
        var path = subscription.Rules.First(rule => rule.Match is null).Path;
        using var request = new HttpRequestMessage(HttpMethod.Post, app.BaseAddress + (path.StartsWith('/') ? path : "/" + path)) { Content = content };
        using var answer = await app.SendAsync(request, cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            Array.ForEach(open, i => verdicts[i] = Verdict.Drop);
            return;
        }
        if (!answer.IsSuccessStatusCode)
        {
            throw new RetryableDeliveryException((int)answer.StatusCode, $"the app answered {(int)answer.StatusCode}");
        }
        Read(await answer.Content.ReadAsByteArrayAsync(cancellation), verdicts);
        if (open.Any(i => verdicts[i] is null or Verdict.Retry))
        {
            throw new RetryableDeliveryException(200, "the app asked for a retry of some entries");
        }
    }

    static void Read(byte[] body, Verdict?[] verdicts)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            foreach (var entry in Field(document.RootElement, "statuses").EnumerateArray())
            {
                if (int.TryParse(Field(entry, "entryId").GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < verdicts.Length)
                {
                    verdicts[i] = Field(entry, "status").GetString() switch { "SUCCESS" => Verdict.Success, "DROP" => Verdict.Drop, _ => Verdict.Retry };
                }
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new RetryableDeliveryException(200, "the app's answer cannot be read; every entry is tried again");
        }
    }

    static JsonElement Field(JsonElement from, string name) => from.TryField(name, out var value) ? value : throw new KeyNotFoundException(name);

    byte[] Body(IReadOnlyList<BrokerMessage> messages, int[] open)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", Guid.NewGuid().ToString());
            writer.WriteString("type", "com.dapr.event.sent.bulk");
            writer.WriteString("topic", subscription.Topic);
            writer.WriteString("pubsubname", subscription.PubSubName);
            writer.WriteStartObject("metadata");
            writer.WriteEndObject();
            writer.WriteStartArray("entries");
            foreach (var i in open)
            {
                WriteEntry(writer, i, messages[i]);
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    void WriteEntry(Utf8JsonWriter writer, int index, BrokerMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("entryId", index.ToString(CultureInfo.InvariantCulture));
        if (subscription.IsRaw)
        {
            writer.WriteBase64String("event", message.Data.Span);
            writer.WriteString("contentType", "application/octet-stream");
        }
        else
        {
            writer.WritePropertyName("event");
            writer.WriteRawValue(message.Data.Span, skipInputValidation: true);
            writer.WriteString("contentType", CloudEvent.ContentType);
        }
        writer.WriteStartObject("metadata");
        foreach (var (name, value) in message.Metadata)
        {
            writer.WriteString(name, value);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    [LoggerMessage(1200, LogLevel.Warning, "A batch of topic {Topic} failed: {Cause}")]
    partial void LogFailed(string topic, string cause);
}
