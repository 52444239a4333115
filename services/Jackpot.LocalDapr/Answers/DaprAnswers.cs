using System.Text.Json;

namespace Jackpot.LocalDapr.Answers;

/// <summary>The shapes in which Dapr answers: 204 for empty success, <c>{"errorCode","message"}</c> for an error.</summary>
static class DaprAnswers
{
    public static Task NoContent(this HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static Task Error(this HttpContext http, int status, string code, string message) =>
        http.Json(status, writer => WriteError(writer, code, message));

    /// <summary>The newer groups (state, pub/sub, scheduler) add google.rpc details to an error.</summary>
    public static Task Error(this HttpContext http, int status, string code, string message, string reason) =>
        http.Json(status, writer => WriteError(writer, code, message, reason));

    public static async Task Json(this HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await using (var writer = new Utf8JsonWriter(http.Response.BodyWriter))
        {
            write(writer);
        }
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    static void WriteError(Utf8JsonWriter writer, string code, string message, string? reason = null)
    {
        writer.WriteStartObject();
        writer.WriteString("errorCode", code);
        writer.WriteString("message", message);
        if (reason is not null)
        {
            writer.WriteStartArray("details");
            writer.WriteStartObject();
            writer.WriteString("@type", "type.googleapis.com/google.rpc.ErrorInfo");
            writer.WriteString("domain", "dapr.io");
            writer.WriteString("reason", reason);
            writer.WriteStartObject("metadata");
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }
}
