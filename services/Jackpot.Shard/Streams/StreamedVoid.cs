using System.Text.Json;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Voids;

namespace Jackpot.Shard.Streams;

/// <summary>Reads a rollback event: the body of a void over HTTP, with the bet that it takes back in <c>jp_contrib_id</c>.</summary>
internal static class StreamedVoid
{
    /// <summary>The void, or why it is none.</summary>
    /// <param name="data">A JSON object.</param>
    public static (VoidRequest? Request, RefusedContribution? Refused) Read(ReadOnlySpan<byte> data)
    {
        try
        {
            var body = JsonSerializer.Deserialize(data, VoidJson.Default.VoidBody)!;
            var named = JsonElement.Parse(data).TryGetProperty("jp_contrib_id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
            var refused = ContributionValidator.Id(body.TenantId, "tenant_id") ?? ContributionValidator.Id(named, "jp_contrib_id") ?? VoidEndpoints.Check(body, named!, body.TenantId!);
            return refused is not null
                ? (null, refused)
                : (new VoidRequest(body.TenantId!, named!, body.IdempotencyKey!, body.Amount?.Micros, body.Amount?.Currency.Code, body.Reason ?? VoidEndpoints.DefaultReason), null);
        }
        catch (JsonException fault)
        {
            return (null, new RefusedContribution(Refusal.FieldInvalid, $"'{fault.Path}' of the void cannot be read"));
        }
    }
}
