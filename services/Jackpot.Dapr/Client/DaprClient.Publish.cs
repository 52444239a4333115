using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Jackpot.Dapr.Subscriptions;

namespace Jackpot.Dapr.Client;

public sealed partial class DaprClient
{
    /// <summary>Publishes a value as JSON; the sidecar puts it into a CloudEvent. A value that is a <see cref="CloudEvent{TData}"/> is taken as the event itself.</summary>
    /// <param name="pubsubName">The pub/sub component.</param>
    /// <param name="topicName">The topic.</param>
    /// <param name="data">The payload.</param>
    /// <param name="metadata">For instance <c>cloudevent.id</c>, <c>ttlInSeconds</c>, <c>rawPayload</c>.</param>
    /// <param name="cancellationToken">Gives the call up; the event may then have been published.</param>
    public Task PublishEventAsync<TData>(
        string pubsubName, string topicName, TData data, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        PublishAsync(pubsubName, topicName, _sidecar.Json(data, ContentTypeOf(data)), metadata, cancellationToken);

    /// <summary>Publishes an event without data.</summary>
    public Task PublishEventAsync(
        string pubsubName, string topicName, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        PublishAsync(pubsubName, topicName, new ByteArrayContent([]), metadata, cancellationToken);

    /// <summary>Publishes bytes as they are; <paramref name="dataContentType"/> decides how the sidecar puts them into the CloudEvent.</summary>
    public Task PublishByteEventAsync(
        string pubsubName,
        string topicName,
        ReadOnlyMemory<byte> data,
        string dataContentType = "application/json",
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default)
    {
        var content = new ReadOnlyMemoryContent(data);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(dataContentType);
        return PublishAsync(pubsubName, topicName, content, metadata, cancellationToken);
    }

    /// <summary>Publishes many events in one call. What failed is listed in the answer; the others have been published.</summary>
    /// <exception cref="DaprApiException">The call as a whole failed.</exception>
    public async Task<BulkPublishResponse<TValue>> BulkPublishEventAsync<TValue>(
        string pubsubName,
        string topicName,
        IReadOnlyList<TValue> events,
        IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken cancellationToken = default)
    {
        var entries = events.Select((data, index) => new BulkPublishEntry<TValue>(
            index.ToString(System.Globalization.CultureInfo.InvariantCulture), data, ContentTypeOf(data))).ToList();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, ("/v1.0/publish/bulk" + SidecarPath.Topic(pubsubName, topicName)).WithMetadata(metadata))
        {
            Content = _sidecar.Json(entries),
        };
        using var response = await _sidecar.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return new BulkPublishResponse<TValue>([]);
        }

        var refused = await SidecarHttp.RefusedAsync(request, response, cancellationToken);
        var failed = response.StatusCode == HttpStatusCode.InternalServerError ? ReadFailedEntries(refused.Body) : [];
        failed.RemoveAll(f => !entries.Exists(e => e.EntryId == f.EntryId));
        return failed.Count == 0
            ? throw refused
            : new BulkPublishResponse<TValue>([.. failed.Select(f => new BulkPublishResponseFailedEntry<TValue>(entries.First(e => e.EntryId == f.EntryId), f.Error))]);
    }

    static string ContentTypeOf<TData>(TData data) => data is ICloudEvent ? "application/cloudevents+json" : "application/json";

    static List<FailedEntry> ReadFailedEntries(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body.Length == 0 ? "{}" : body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("failedEntries", out var list)
                ? list.Deserialize<List<FailedEntry>>(JsonSerializerOptions.Web) ?? []
                : [];
        }
        catch (JsonException)
        {
            // Free text, or a list that is longer than what is read of an error: then the call as a whole counts as failed.
            return [];
        }
    }

    Task PublishAsync(string pubsubName, string topicName, HttpContent content, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken) =>
        _sidecar.CallAsync(HttpMethod.Post, ("/v1.0/publish" + SidecarPath.Topic(pubsubName, topicName)).WithMetadata(metadata), content, cancellationToken);

    sealed record FailedEntry(string EntryId, string Error);
}
