using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Jackpot.TestKit.Fuzzing;

/// <summary>
/// Makes bad bodies of good ones by knowing where their values and names stand: a mutated body is the good one but for a place or two, so that
/// it gets as far as a reader lets it.
/// </summary>
public sealed class JsonMutator(Random random)
{
    static readonly byte[][] Values = [.. Texts().Select(Encoding.UTF8.GetBytes), .. Bytes()];

    static readonly string[] Names =
    [
        "\"\\ud800\"", "\"\\u0000\"", "\"\"", "\"constructor\"", "\"__proto__\"", "\"$type\"", "\"$id\"", "\"" + new string('n', 5_000) + "\"", "\"\\u0074enant_id\"", "\"event\"", "\"data\"",
    ];

    /// <summary>The body with one or two changes.</summary>
    public byte[] Mutate(byte[] body)
    {
        var mutated = Once(body);
        return random.Next(4) == 0 ? Once(mutated) : mutated;
    }

    byte[] Once(byte[] body)
    {
        if (Places.Of(body) is not { Values.Count: > 0 } places)
        {
            return Broken(body);
        }

        var value = places.Values[random.Next(places.Values.Count)];
        var property = places.Properties.Count > 0 ? places.Properties[random.Next(places.Properties.Count)] : default;
        return random.Next(12) switch
        {
            < 5 => Replaced(body, value, Values[random.Next(Values.Length)]),
            5 => Replaced(body, value, body[places.Values[random.Next(places.Values.Count)]]),
            6 when property.Whole.End.Value > 0 => Replaced(body, property.Whole, [.. body[property.Whole], (byte)',', .. body[property.Whole]]),
            7 when property.Whole.End.Value > 0 => Replaced(body, property.Whole,
                [.. body[property.Whole], (byte)',', .. Encoding.UTF8.GetBytes(Escaped(body[property.Name])), (byte)':', .. Values[random.Next(Values.Length)]]),
            8 when property.Whole.End.Value > 0 => Replaced(body, property.Name, Encoding.UTF8.GetBytes(Names[random.Next(Names.Length)])),
            9 when property.Whole.End.Value > 0 => Replaced(body, property.Whole,
                [.. Encoding.UTF8.GetBytes(Names[random.Next(Names.Length)]), (byte)':', .. Values[random.Next(Values.Length)], (byte)',', .. body[property.Whole]]),
            10 when property.Whole.End.Value > 0 => Replaced(body, property.Whole, "\"left_out\":1"u8.ToArray()),
            _ => Broken(body),
        };
    }

    byte[] Broken(byte[] body) => random.Next(8) switch
    {
        0 => body[..random.Next(body.Length + 1)],
        1 => [0xEF, 0xBB, 0xBF, .. body],
        2 => [.. body, .. body],
        3 => [.. body, (byte)'x'],
        4 => [],
        5 => Values[random.Next(Values.Length)],
        6 when body.Length > 0 => Replaced(body, At(random.Next(body.Length)), [(byte)random.Next(256)]),
        _ => [.. " \r\n\t"u8, .. body, .. "\n\n"u8],
    };

    static Range At(int place) => place..(place + 1);

    static byte[] Replaced(byte[] body, Range place, byte[] by) => [.. body[..place.Start], .. by, .. body[place.End..]];

    /// <summary>The same name, its first letter written as an escape.</summary>
    static string Escaped(byte[] name) => name.Length > 2 && name[1] != '\\'
        ? string.Create(CultureInfo.InvariantCulture, $"\"\\u{(int)name[1]:x4}{Encoding.UTF8.GetString(name[2..])}")
        : Encoding.UTF8.GetString(name);

    static IEnumerable<string> Texts() =>
    [
        "null", "true", "false", "0", "-0", "-1", "1", "0.5", "1e400", "-1e400", "1e-400", "1E2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "2147483648", "0.0000001", "1000000000000.000001", new string('9', 400), "1." + new string('0', 400) + "1", "{}", "[]", "[null]", "[[]]", "{\"a\":{\"a\":1,\"a\":2}}",
        "\"\"", "\" \"", "\"\\ud800\"", "\"\\udc00\"", "\"a\\ud83dx\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\u0001\"", "\"\\n\"", "\"\\u202e\"", "\"e\\u0301\"",
        "\"..\"", "\".\"", "\"a/b\"", "\"%2F\"", "\"%252F\"", "\"'; DROP TABLE jackpot; --\"", "\"${jndi:x}\"", "\"" + new string('x', 200) + "\"", "\"" + new string('x', 201) + "\"",
        "\"" + new string('\u00e9', 5_000) + "\"", "\"2.00\"", "\"NaN\"", "\"04:03\"", "\"31.01.2026 04:03\"", "\"01/02/2026\"", "\"2026-01-31\"", "\"2026-01-31T12:00:00\"", "\"2026-01-31T12:00:00Z\"",
        "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"2026-02-30T12:00:00Z\"", "\"2026-01-31T12:00:60Z\"", "\"EUR\"", "\"eur\"", "\"good\"", "\"plain\"", "\"plain-main\"",
        new string('[', 33) + new string(']', 33), new string('[', 70) + new string(']', 70), new string('[', 5_000) + new string(']', 5_000), Nested(200),
        "[" + string.Join(',', Enumerable.Repeat("0", 1_100)) + "]", "[" + string.Join(',', Enumerable.Repeat("null", 1_002)) + "]",
        "{" + string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"n{i}\":{i}")) + "}", "NaN", "Infinity", "01", "+1", ".5", "1.", "0x10", "'a'", "undefined", "/**/1",
    ];

    static IEnumerable<byte[]> Bytes() =>
    [
        "\"\xff\""u8.ToArray(), [(byte)'"', 0xFF, (byte)'"'], [(byte)'"', 0xC0, 0xAF, (byte)'"'], [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'], [(byte)'"', (byte)'a', 0xE2, 0x82, (byte)'"'],
        [(byte)'"', 0xF5, 0x80, 0x80, 0x80, (byte)'"'], [(byte)'"', 0x00, (byte)'"'], [(byte)'"', 0x1F, (byte)'"'], [0xFE, 0xFF], [0x00],
    ];

    static string Nested(int deep) => string.Concat(Enumerable.Repeat("{\"a\":", deep)) + "1" + new string('}', deep);

    /// <summary>Where the values and properties of a body stand; null when it is no JSON.</summary>
    sealed record Places(List<Range> Values, List<(Range Whole, Range Name)> Properties)
    {
        public static Places? Of(byte[] body)
        {
            var places = new Places([], []);
            var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
            try
            {
                while (json.Read())
                {
                    places.Take(json);
                }

                return places;
            }
            catch (JsonException)
            {
                return null;
            }
        }

        void Take(Utf8JsonReader json)
        {
            var start = (int)json.TokenStartIndex;
            if (json.TokenType == JsonTokenType.PropertyName)
            {
                var name = start..(start + json.ValueSpan.Length + 2);
                json.Read();
                json.Skip();
                Properties.Add((start..(int)json.BytesConsumed, name));
            }
            else if (json.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
            {
                json.Skip();
                Values.Add(start..(int)json.BytesConsumed);
            }
        }
    }
}
