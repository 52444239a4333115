using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Jackpot.Gateway.Feeds;

/// <summary>Reads one text out of an operator's event, as its <see cref="FieldRule"/> says.</summary>
sealed class FeedField
{
    internal const string UnixMilliseconds = "unix_ms";
    internal const string UnixSeconds = "unix_s";
    const char Joint = ':';

    readonly string[][] _paths;
    readonly FrozenDictionary<string, string>? _values;
    readonly string? _format;
    readonly string? _constant;

    internal FeedField(FieldRule rule)
    {
        _paths = [.. rule.Paths.Select(Segments)];
        _values = rule.Values?.ToFrozenDictionary(StringComparer.Ordinal);
        (_constant, _format, Where) = (rule.Value, rule.Format, string.Join(" + ", rule.Paths));
    }

    /// <summary>The pointers, for messages; what they point at is never told.</summary>
    internal string Where { get; }

    /// <summary>Null when it is not there, or is JSON's null.</summary>
    /// <exception cref="UnmappedException">It is there, but cannot be used.</exception>
    internal string? Find(JsonElement data)
    {
        if (_constant is not null)
        {
            return _constant;
        }

        // Parts of one key are joined so that no two lists of parts give the same text.
        var text = _paths.Length == 1 ? Single(data, _paths[0]) : Joined(data);
        return text is null ? null : Formatted(_values is null ? text
            : _values.GetValueOrDefault(text) ?? throw new UnmappedException($"what stands at {Where} is none of its 'values'"));
    }

    /// <exception cref="UnmappedException">It is not there, or cannot be used.</exception>
    internal string Read(JsonElement data) => Find(data) ?? throw new UnmappedException($"there is nothing at {Where}");

    /// <summary>A number as its own digits, or a text that holds one.</summary>
    /// <exception cref="UnmappedException">It is neither.</exception>
    internal ReadOnlySpan<byte> Digits(JsonElement data) =>
        _constant is null && At(data, _paths[0]) is { ValueKind: JsonValueKind.Number } number ? JsonMarshal.GetRawUtf8Value(number) : Encoding.UTF8.GetBytes(Read(data));

    string? Joined(JsonElement data)
    {
        var parts = _paths.Select(path => Single(data, path)).ToList();
        return parts.Contains(null) ? null
            : string.Join(Joint, parts.Select(part => part!.Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal)));
    }

    string? Single(JsonElement data, string[] path) => At(data, path) is not { } found ? null : found.ValueKind switch
    {
        JsonValueKind.String => found.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => found.GetRawText(),
        JsonValueKind.Null => null,
        _ => throw new UnmappedException($"what stands at {Where} is a list or an object, not a text or a number"),
    };

    string Formatted(string text) => _format switch
    {
        UnixMilliseconds => Instant(text, 1),
        UnixSeconds => Instant(text, 1_000),
        _ => text,
    };

    string Instant(string text, long milliseconds)
    {
        const long MillisecondsMax = 4_102_444_800_000;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MillisecondsMax / milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(count * milliseconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : throw new UnmappedException($"what stands at {Where} is no time since 1970");
    }

    static JsonElement? At(JsonElement data, string[] path)
    {
        foreach (var segment in path)
        {
            if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty(segment, out var field))
            {
                data = field;
            }
            else if (data.ValueKind == JsonValueKind.Array && int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < data.GetArrayLength())
            {
                data = data[at];
            }
            else
            {
                return null;
            }
        }

        return data;
    }

    static string[] Segments(string pointer) =>
        [.. pointer.Split('/').Skip(1).Select(segment => segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
}

/// <summary>A feed cannot make of an event what its type says; the message says where, never what stood there.</summary>
sealed class UnmappedException(string message) : Exception(message);
