using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Apps;

namespace Jackpot.LocalDapr.PubSub;

enum Verdict
{
    Success,
    Retry,
    Drop,
}

/// <summary>Hands one event to the application and waits for its verdict.</summary>
/// <exception cref="RetryableDeliveryException">The application did not take it; the policy decides whether it is tried again.</exception>
delegate Task<Verdict> Deliver(string path, ReadOnlyMemory<byte> envelope, BrokerMessage message, CancellationToken cancellation);

/// <summary>Delivery by <c>POST {route}</c> and what the answer means.</summary>
sealed class AppPost(AppChannel app)
{
    static readonly MediaTypeHeaderValue EnvelopeType = new(CloudEvent.ContentType);

    public async Task<Verdict> DeliverAsync(string path, ReadOnlyMemory<byte> envelope, BrokerMessage message, CancellationToken cancellation)
    {
        var content = new ReadOnlyMemoryContent(envelope);
        content.Headers.ContentType = EnvelopeType;
        using var request = new HttpRequestMessage(HttpMethod.Post, app.BaseAddress + (path.StartsWith('/') ? path : "/" + path)) { Content = content };
        foreach (var (name, value) in message.Metadata)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await app.SendAsync(request, cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return Verdict.Drop;
        }
        if (!answer.IsSuccessStatusCode)
        {
            throw new RetryableDeliveryException((int)answer.StatusCode, $"the app answered {(int)answer.StatusCode}");
        }
        return VerdictOf(await answer.Content.ReadAsByteArrayAsync(cancellation));
    }

    /// <summary>Nothing, something that is not JSON, or no status: success.</summary>
    static Verdict VerdictOf(byte[] body)
    {
        string? status;
        try
        {
            using var document = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
            status = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryField("status", out var written) ? written.ToString() : "";
        }
        catch (JsonException)
        {
            return Verdict.Success;
        }
        return status switch
        {
            "" or "SUCCESS" => Verdict.Success,
            "DROP" => Verdict.Drop,
            "RETRY" => throw new RetryableDeliveryException(200, "the app asked for a retry"),
            _ => throw new RetryableDeliveryException(200, $"the app answered the unknown status '{status}'"),
        };
    }
}
