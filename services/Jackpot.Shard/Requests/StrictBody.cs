using System.Text.Json;
using Jackpot.ServiceDefaults.Json;
using Jackpot.ServiceDefaults.Requests;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Requests;

/// <summary>How every endpoint of the shard reads a body: up to a limit, strictly, and with one answer for each way to be unreadable.</summary>
internal static class StrictBody
{
    /// <summary>The body, or null after the refusal was written.</summary>
    /// <param name="http">The request.</param>
    /// <param name="bytesMax">Largest body that is taken.</param>
    /// <param name="parse">Makes the value of bytes that have passed <see cref="StrictJson"/>; null for JSON's null.</param>
    public static ValueTask<T?> ReadAsync<T>(HttpContext http, int bytesMax, Func<ReadOnlyMemory<byte>, T?> parse) where T : class =>
        ReadUncheckedAsync(http, bytesMax, bytes =>
        {
            StrictJson.Require(bytes.Span);
            return parse(bytes);
        });

    /// <summary>As <see cref="ReadAsync"/>, for what checks the bytes itself, item by item.</summary>
    public static async ValueTask<T?> ReadUncheckedAsync<T>(HttpContext http, int bytesMax, Func<ReadOnlyMemory<byte>, T?> parse) where T : class
    {
        try
        {
            var (fits, value) = await RequestBody.ParseAsync(http.Request, bytesMax, parse);
            if (!fits)
            {
                await Problem.WriteAsync(http, Refusal.BodyTooLarge, $"at most {bytesMax} bytes are taken");
            }
            else if (value is null)
            {
                await Problem.WriteAsync(http, Refusal.MalformedJson, "a JSON object is expected, not null");
            }

            return value;
        }
        catch (RefusedJsonException e)
        {
            await Problem.WriteAsync(http, JsonRefusal.Of(e.Fault), e.Fault.Detail);
        }
        catch (JsonException e)
        {
            await Problem.WriteAsync(http, Refusal.MalformedJson, DetailOf(e));
        }

        return null;
    }

    static string DetailOf(JsonException e) =>
        $"{(e.Path is { } path ? path + ": " : "")}not the JSON that is expected here (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}); see /openapi/v1.json";
}
