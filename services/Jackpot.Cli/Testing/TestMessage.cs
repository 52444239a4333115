using System.Text.Json;

namespace Jackpot.Cli.Testing;

/// <summary>What a test program says while it runs: a line of JSON of xunit's runner, in its automated mode.</summary>
readonly struct TestMessage
{
    readonly JsonElement _json;

    TestMessage(JsonElement json) => _json = json;

    internal string Type => Text("$type");

    /// <summary>False for what is no message, for example what a program prints when it crashes.</summary>
    internal static bool TryParse(string line, out TestMessage message)
    {
        message = default;
        if (!line.StartsWith("{\"$type\":", StringComparison.Ordinal))
        {
            return false;
        }
        try
        {
            using var document = JsonDocument.Parse(line);
            message = new TestMessage(document.RootElement.Clone());
            return true;
        }
        catch (JsonException)
        {
            // A program that is killed leaves half a line.
            return false;
        }
    }

    internal string Text(string name) => _json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    internal int Number(string name) => _json.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : 0;

    internal TimeSpan Duration => _json.TryGetProperty("ExecutionTime", out var value) && value.TryGetDouble(out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;

    /// <summary>Messages and stack traces of the exceptions, and what the test itself wrote (the seed, for example).</summary>
    internal string Failure()
    {
        var parts = Texts("Messages").Zip(Texts("StackTraces").Concat(Enumerable.Repeat("", int.MaxValue)), (text, trace) => $"{text}\n{trace}".TrimEnd()).ToList();
        if (Text("Output") is { Length: > 0 } output)
        {
            parts.Add($"Output:\n{output.TrimEnd()}");
        }
        return string.Join('\n', parts);
    }

    IEnumerable<string> Texts(string name) =>
        _json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : "")]
            : [];
}
