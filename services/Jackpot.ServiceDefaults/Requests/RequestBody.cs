using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Jackpot.ServiceDefaults.Requests;

/// <summary>Reads a whole request body, up to a limit, without copying it when it came in one piece.</summary>
public static class RequestBody
{
    /// <summary>
    /// Reads the body to its end and hands its bytes to <paramref name="parse"/>. False when it is longer than
    /// <paramref name="bytesMax"/>; then nothing was parsed.
    /// </summary>
    public static async ValueTask<(bool Fits, T? Value)> ParseAsync<T>(HttpRequest request, int bytesMax, Func<ReadOnlyMemory<byte>, T> parse)
    {
        if (request.ContentLength > bytesMax)
        {
            return (false, default);
        }

        var body = request.BodyReader;
        ReadResult read;
        while (!(read = await body.ReadAsync(request.HttpContext.RequestAborted)).IsCompleted)
        {
            if (read.Buffer.Length > bytesMax)
            {
                body.AdvanceTo(read.Buffer.End);
                return (false, default);
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        try
        {
            return read.Buffer.Length > bytesMax
                ? (false, default)
                : (true, parse(read.Buffer.IsSingleSegment ? read.Buffer.First : read.Buffer.ToArray()));
        }
        finally
        {
            body.AdvanceTo(read.Buffer.End);
        }
    }
}
