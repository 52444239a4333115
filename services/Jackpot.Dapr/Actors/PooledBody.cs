using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Jackpot.Dapr.Actors;

/// <summary>A request's body in a pooled buffer: one copy from the transport, none after it. The bytes are valid until it is disposed.</summary>
internal sealed class PooledBody : IDisposable
{
    /// <summary>A sidecar's limit can be raised by its operator; beyond this the app refuses by itself.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    const int FirstGuessBytes = 4 * 1024;

    byte[] _buffer;
    int _length;

    PooledBody(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    public static async Task<PooledBody> ReadAsync(HttpRequest request)
    {
        var announced = request.ContentLength ?? FirstGuessBytes;
        if (announced > BytesMax)
        {
            throw TooLarge();
        }

        var body = new PooledBody((int)Math.Max(announced, 1) + 1);
        try
        {
            await body.FillAsync(request.Body, request.HttpContext.RequestAborted);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    static BadHttpRequestException TooLarge() => new($"The body is larger than {BytesMax} bytes.", StatusCodes.Status413PayloadTooLarge);

    async Task FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
            {
                return;
            }

            _length += read;
            if (_length > BytesMax)
            {
                throw TooLarge();
            }

            if (_length == _buffer.Length)
            {
                Grow();
            }
        }
    }

    void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
