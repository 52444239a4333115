using System.Buffers;
using System.Text.Json;

namespace Jackpot.Shard.Contributions;

/// <summary>Writes small JSON answers whole, with their length: an answer then costs no writer and no chunks of its own.</summary>
internal static class AnswerBuffer
{
    const int BytesTypical = 1024;

    [ThreadStatic]
    static ArrayBufferWriter<byte>? s_bytes;

    [ThreadStatic]
    static Utf8JsonWriter? s_json;

    /// <summary>Answers 200 with what <paramref name="write"/> wrote.</summary>
    public static Task WriteAsync<TState>(HttpContext http, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var bytes = s_bytes ??= new ArrayBufferWriter<byte>(BytesTypical);
        var json = s_json ??= new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true });
        bytes.ResetWrittenCount();
        json.Reset();
        write(json, state);
        json.Flush();
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = bytes.WrittenCount;

        // The response's writer copies before it returns; the buffer is free for the thread's next answer, whatever the task still waits for.
        var sent = http.Response.BodyWriter.WriteAsync(bytes.WrittenMemory, http.RequestAborted);
        return sent.IsCompletedSuccessfully ? Task.CompletedTask : sent.AsTask();
    }
}
