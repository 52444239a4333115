using System.Text;
using System.Text.Json;

namespace Jackpot.LocalDapr.Actors;

/// <summary>The body of a timer or reminder registration. A failure policy in it is taken and has no effect over HTTP.</summary>
sealed record FiringRequest(string? DueTime, string? Period, string? Ttl, string? Callback, string? DataJson, bool Overwrite)
{
    public static FiringRequest Read(JsonElement root) => root.ValueKind != JsonValueKind.Object
        ? throw new JsonException("the body must be a JSON object")
        : new(
            Text(root, "dueTime"), Text(root, "period"), Text(root, "ttl"), Text(root, "callback"),
            root.TryGetProperty("data", out var data) && data.ValueKind != JsonValueKind.Null ? data.GetRawText() : null,
            !root.TryGetProperty("overwrite", out var overwrite) || overwrite.ValueKind != JsonValueKind.False);

    public byte[] TimerBody() => Body(writer =>
    {
        writer.WriteString("callback", Callback ?? "");
        WriteData(writer, DataJson);
        writer.WriteString("dueTime", DueTime ?? "");
        writer.WriteString("period", Period ?? "");
    });

    /// <summary>Reminders come from the scheduler, which does not tell the app when they were due.</summary>
    public static byte[] ReminderBody(string? dataJson) => Body(writer =>
    {
        WriteData(writer, dataJson);
        writer.WriteString("dueTime", "");
        writer.WriteString("period", "");
    });

    static byte[] Body(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    static void WriteData(Utf8JsonWriter writer, string? dataJson)
    {
        writer.WritePropertyName("data");
        writer.WriteRawValue(dataJson is null ? "null"u8 : Encoding.UTF8.GetBytes(dataJson));
    }

    static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
