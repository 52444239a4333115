using System.Text;
using System.Text.Json;

namespace Jackpot.Wallets.Mapping;

/// <summary>Reading of JSON that somebody else wrote: nothing in it throws.</summary>
static class JsonAnswer
{
    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>False when it is no JSON, or says a thing twice. Bytes that are no UTF-8 become U+FFFD, which is no id of ours.</summary>
    public static bool TryParse(byte[] body, out JsonElement json)
    {
        try
        {
            json = JsonElement.Parse(Encoding.UTF8.GetString(body), Strict);
            return true;
        }
        catch (JsonException)
        {
            json = default;
            return false;
        }
    }

    /// <summary>What a JSON pointer (RFC 6901) leads to; undefined when there is nothing.</summary>
    public static JsonElement At(this JsonElement json, IReadOnlyList<string> pointer)
    {
        foreach (var step in pointer)
        {
            if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(step, out var field))
            {
                json = field;
            }
            else if (json.ValueKind == JsonValueKind.Array && int.TryParse(step, out var index) && index >= 0 && index < json.GetArrayLength())
            {
                json = json[index];
            }
            else
            {
                return default;
            }
        }

        return json;
    }

    /// <summary>False for what is no text, half of a surrogate pair included.</summary>
    public static bool TryText(this JsonElement json, out string text)
    {
        text = "";
        try
        {
            if (json.ValueKind == JsonValueKind.String)
            {
                text = json.GetString()!;
                return true;
            }
        }
        catch (InvalidOperationException)
        {
        }

        return false;
    }

    public static bool TryDecimal(this JsonElement json, out decimal value)
    {
        value = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out value);
    }

    /// <summary>A text as it is, everything else as it was written; null for nothing.</summary>
    public static string? Shown(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        _ => json.TryText(out var text) ? text : json.GetRawText(),
    };
}
