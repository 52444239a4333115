using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Jackpot.ServiceDefaults.Json;

/// <summary>
/// The one place that decides which bytes are JSON here. Every endpoint and subscription passes what it was sent through it before a value is made
/// of it: what comes out has no text that cannot be stored, no name twice, no depth and no list that costs more than it says.
/// </summary>
public static class StrictJson
{
    /// <summary>Deepest nesting of a value.</summary>
    public const int DepthMax = 32;

    /// <summary>Longest list: one more than any endpoint takes, so that the endpoint can say what it takes.</summary>
    public const int ItemsMax = 1_001;

    /// <summary>Most names of one object; far more than any body has.</summary>
    public const int NamesMax = 128;

    const int NamesTypical = 64;

    /// <summary>Depth is counted by <see cref="Walk"/>, value by value, so that one item's depth is that item's fault.</summary>
    static readonly JsonReaderOptions Unlimited = new() { MaxDepth = int.MaxValue };

    public static Utf8JsonReader ReaderOf(ReadOnlySpan<byte> bytes) => new(bytes, Unlimited);

    /// <summary>One value and nothing after it.</summary>
    /// <exception cref="JsonException">It is not.</exception>
    public static void Require(ReadOnlySpan<byte> bytes)
    {
        var json = ReaderOf(bytes);
        json.Read();
        Require(Walk(bytes, ref json));
        RequireEnd(ref json);
    }

    /// <exception cref="RefusedJsonException">There is a fault.</exception>
    public static void Require(JsonFault fault)
    {
        if (fault.IsFault)
        {
            throw new RefusedJsonException(fault);
        }
    }

    /// <exception cref="JsonException">There is more.</exception>
    public static void RequireEnd(ref Utf8JsonReader json)
    {
        if (json.Read())
        {
            throw new JsonException("there is more after the end");
        }
    }

    /// <summary>Reads the value that <paramref name="json"/> stands on, to its last token, and answers the first fault in it.</summary>
    /// <param name="bytes">What the reader was made of.</param>
    /// <param name="json">Stands on the value's first token.</param>
    /// <exception cref="JsonException">It is no JSON at all.</exception>
    public static JsonFault Walk(ReadOnlySpan<byte> bytes, ref Utf8JsonReader json)
    {
        var walk = new JsonWalk(bytes, json.CurrentDepth, stackalloc (int, int)[NamesTypical], stackalloc int[DepthMax], stackalloc int[DepthMax]);
        var fault = JsonFaultKind.None;
        var at = 0L;
        while (true)
        {
            if (fault == JsonFaultKind.None && (fault = walk.Step(json)) != JsonFaultKind.None)
            {
                at = json.TokenStartIndex;
            }

            if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName) && json.CurrentDepth == walk.Root)
            {
                return new JsonFault(fault, at);
            }

            if (!json.Read())
            {
                throw new JsonException("the value ends before it is complete");
            }
        }
    }

    /// <summary>What is wrong with the text that the reader stands on: a name or a string.</summary>
    public static JsonFaultKind TextFault(in Utf8JsonReader json)
    {
        var text = json.ValueSpan;
        return !Utf8.IsValid(text) ? JsonFaultKind.InvalidUtf8 : json.ValueIsEscaped ? EscapeFault(text) : JsonFaultKind.None;
    }

    /// <summary>The parser has seen that every escape is complete; what it does not see is what an escape stands for.</summary>
    static JsonFaultKind EscapeFault(ReadOnlySpan<byte> text)
    {
        var isHighBefore = false;
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i] == '\\' && text[i + 1] == 'u' ? Unit(text.Slice(i + 2, 4)) : -1;
            i += unit >= 0 ? 5 : text[i] == '\\' ? 1 : 0;
            var isLow = unit is >= 0xDC00 and <= 0xDFFF;
            if (unit == 0)
            {
                return JsonFaultKind.Nul;
            }

            if (isLow != isHighBefore)
            {
                return JsonFaultKind.LoneSurrogate;
            }

            isHighBefore = unit is >= 0xD800 and <= 0xDBFF;
        }

        return isHighBefore ? JsonFaultKind.LoneSurrogate : JsonFaultKind.None;
    }

    static int Unit(ReadOnlySpan<byte> hex) => ushort.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
