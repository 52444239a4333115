using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Contributions;

/// <summary>The doors that contributions come in by: one at a time, or up to <see cref="BatchCodec.ItemsMax"/> with an answer each.</summary>
internal sealed class ContributionEndpoints(
    TenantDirectory tenants, JackpotDirectory jackpots, LaneDirectory lanes, ContributionValidator validator)
{
    /// <summary>Largest body of a single contribution.</summary>
    public const int SingleBytesMax = 16 * 1024;

    /// <summary>Largest body of a batch.</summary>
    public const int BatchBytesMax = 2 * 1024 * 1024;

    /// <summary>Set when the answer is that of an earlier request with the same key; the body is the same to the byte.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    const string KeyHeader = "Idempotency-Key";
    const string OverloadedDetail = "the queue of this jackpot is full; nothing was stored";
    const string UnavailableDetail = "the contribution may or may not be stored; ask again with the same key and body";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var doors = routes.ServiceProvider.GetRequiredService<ContributionEndpoints>();
        routes.MapDocumentedPost<ContributionBody, ContributionAnswered>("/v1/jp/contributions", doors.RecordOneAsync, "Record one contribution");
        routes.MapDocumentedPost<ContributionBatchBody, BatchAnswered>(
            "/v1/jp/contributions/batch", doors.RecordBatchAsync, "Record up to 1,000 contributions, each answered for itself");
        routes.MapDocumentedPost<ContributionBody, ContributionAnswered>(
            "/jackpot/{jackpotId}/contribute", doors.RecordOneAsync, "Short form of /v1/jp/contributions");
    }

    async Task RecordOneAsync(HttpContext http)
    {
        if (await TenantDoor.TenantOfAsync(http, tenants) is not { } tenant
            || await ReadAsync(http, SingleBytesMax, ParseOne) is not { } request)
        {
            return;
        }

        request.JackpotId ??= http.Request.RouteValues["jackpotId"] as string;
        request.IdempotencyKey ??= http.Request.Headers[KeyHeader].FirstOrDefault();
        var (refused, accepted) = await CheckAsync(request, tenant, http.RequestAborted);
        if (refused is not null)
        {
            await Problem.WriteAsync(http, refused.Refusal, refused.Detail);
            return;
        }

        var jackpot = jackpots.ByNumber(accepted.Jackpot)!;
        var answers = new PendingAnswers(1);
        if (!lanes.Of(jackpot).TryAdd(accepted, answers, 0))
        {
            await Problem.WriteAsync(http, Refusal.Overloaded, OverloadedDetail);
            return;
        }

        await answers.Task;
        await AnswerOneAsync(http, jackpot, accepted.ContributionId, answers.Answers[0]!);
    }

    static Task AnswerOneAsync(HttpContext http, JackpotEntry jackpot, string contributionId, RecordedContribution recorded)
    {
        if (RefusalOf(recorded.Kind) is { } refused)
        {
            return Problem.WriteAsync(http, refused.Refusal, refused.Detail);
        }

        if (recorded.Kind == RecordedKind.Duplicate)
        {
            http.Response.Headers[ReplayedHeader] = "true";
        }

        return AnswerBuffer.WriteAsync(
            http, (contributionId, jackpot, recorded), static (json, answer) => ContributionAnswer.Write(json, answer.contributionId, answer.jackpot, answer.recorded));
    }

    async Task RecordBatchAsync(HttpContext http)
    {
        if (await TenantDoor.TenantOfAsync(http, tenants) is not { } tenant
            || await ReadAsync(http, BatchBytesMax, ParseBatch) is not { } requests)
        {
            return;
        }

        if (requests.Count is 0 or > BatchCodec.ItemsMax)
        {
            await Problem.WriteAsync(http, requests.Count == 0 ? Refusal.BatchEmpty : Refusal.BatchTooLarge,
                $"send 1 to {BatchCodec.ItemsMax} contributions in 'contributions'");
            return;
        }

        var items = new BatchItem[requests.Count];
        var answers = new PendingAnswers(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = await EnqueueAsync(requests[i], tenant, answers, i, http.RequestAborted);
        }

        await answers.Task;
        await AnswerBatchAsync(http, items, answers.Answers);
    }

    async ValueTask<BatchItem> EnqueueAsync(
        ContributionRequest request, TenantHome tenant, PendingAnswers answers, int index, CancellationToken ct)
    {
        var (refused, accepted) = await CheckAsync(request, tenant, ct);
        var jackpot = refused is null ? jackpots.ByNumber(accepted.Jackpot) : null;
        if (jackpot is not null && !lanes.Of(jackpot).TryAdd(accepted, answers, index))
        {
            refused = new RefusedContribution(Refusal.Overloaded, OverloadedDetail);
        }

        if (refused is not null)
        {
            answers.Skip();
        }

        return new BatchItem(request.ContributionId ?? "", jackpot, refused);
    }

    static async Task AnswerBatchAsync(HttpContext http, BatchItem[] items, RecordedContribution?[] answers)
    {
        http.Response.ContentType = "application/json";
        using (var json = new Utf8JsonWriter(http.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteStartArray("results"u8);
            for (var i = 0; i < items.Length; i++)
            {
                var item = items[i];
                var refused = item.Refused ?? RefusalOf(answers[i]!.Kind);
                if (refused is null)
                {
                    ContributionAnswer.Write(json, item.ContributionId, item.Jackpot!, answers[i]!);
                }
                else
                {
                    WriteRefused(json, item.ContributionId, refused);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    static void WriteRefused(Utf8JsonWriter json, string contributionId, RefusedContribution refused)
    {
        json.WriteStartObject();
        json.WriteString("jp_contrib_id"u8, contributionId);
        json.WriteString("status"u8, "refused"u8);
        json.WritePropertyName("problem"u8);
        Problem.For(refused.Refusal).Write(json, refused.Detail);
        json.WriteEndObject();
    }

    static RefusedContribution? RefusalOf(RecordedKind kind) => kind switch
    {
        RecordedKind.Accepted or RecordedKind.Duplicate => null,
        RecordedKind.KeyReused => new(Refusal.KeyReused, "the first request with this key said something else; use a new key for a new contribution"),
        RecordedKind.Paused => new(Refusal.JackpotPaused, "nothing was stored; the amount stays as it is until the jackpot is resumed"),
        _ => new(Refusal.Unavailable, UnavailableDetail),
    };

    /// <summary>Validates; when the pool is unknown, looks once more in the tables, for it may have been created a moment ago.</summary>
    async ValueTask<(RefusedContribution? Refused, AcceptedContribution Accepted)> CheckAsync(
        ContributionRequest request, TenantHome tenant, CancellationToken ct)
    {
        var refused = validator.Check(request, tenant.TenantId, out var accepted);
        if (refused?.Refusal == Refusal.PoolUnknown)
        {
            await jackpots.ReloadIfStaleAsync(ct);
            refused = validator.Check(request, tenant.TenantId, out accepted);
        }

        return (refused, accepted);
    }

    /// <summary>The parsed body, or null after the refusal was written.</summary>
    static async ValueTask<T?> ReadAsync<T>(HttpContext http, int bytesMax, Func<ReadOnlyMemory<byte>, T> parse) where T : class
    {
        try
        {
            var (fits, value) = await RequestBody.ParseAsync(http.Request, bytesMax, parse);
            if (!fits)
            {
                await Problem.WriteAsync(http, Refusal.BodyTooLarge, $"at most {bytesMax} bytes are taken");
            }

            return value;
        }
        catch (JsonException e)
        {
            await Problem.WriteAsync(http, Refusal.MalformedJson, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: not the JSON that is expected here");
            return null;
        }
    }

    static ContributionRequest ParseOne(ReadOnlyMemory<byte> body)
    {
        var json = new Utf8JsonReader(body.Span);
        json.Read();
        var request = ContributionReader.Read(ref json);
        ExpectEnd(ref json);
        return request;
    }

    /// <summary>Reads <c>{"contributions":[…]}</c>, counting past the limit so that the refusal can be told from a smaller fault.</summary>
    static List<ContributionRequest> ParseBatch(ReadOnlyMemory<byte> body)
    {
        var json = new Utf8JsonReader(body.Span);
        var requests = new List<ContributionRequest>();
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a batch is a JSON object");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isItems = json.ValueTextEquals("contributions"u8);
            json.Read();
            if (isItems && json.TokenType == JsonTokenType.StartArray)
            {
                ReadItems(ref json, requests);
            }
            else
            {
                json.Skip();
            }
        }

        ExpectEnd(ref json);
        return requests;
    }

    static void ReadItems(ref Utf8JsonReader json, List<ContributionRequest> requests)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                requests.Add(ContributionReader.Read(ref json));
            }
            else
            {
                json.Skip();
                requests.Add(new ContributionRequest { WrongTypeField = "contributions[]" });
            }
        }
    }

    static void ExpectEnd(ref Utf8JsonReader json)
    {
        if (json.Read())
        {
            throw new JsonException("there is more after the end");
        }
    }

    readonly record struct BatchItem(string ContributionId, JackpotEntry? Jackpot, RefusedContribution? Refused);
}
