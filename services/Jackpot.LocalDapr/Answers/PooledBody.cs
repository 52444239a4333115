using System.Buffers;

namespace Jackpot.LocalDapr.Answers;

/// <summary>A whole request or response body in a rented buffer; disposing gives the buffer back.</summary>
sealed class PooledBody : IDisposable
{
    const int FirstRentBytes = 4096;

    byte[] _buffer;
    int _length;

    PooledBody(int bytes) => _buffer = bytes == 0 ? [] : ArrayPool<byte>.Shared.Rent(bytes);

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Reads to the end; a body over the limit of the server fails with 413 while it is read.</summary>
    public static ValueTask<PooledBody> ReadAsync(HttpRequest request) =>
        ReadAsync(request.Body, request.ContentLength, int.MaxValue, request.HttpContext.RequestAborted);

    public static async ValueTask<PooledBody> ReadAsync(Stream stream, long? length, int bytesMax, CancellationToken cancellation)
    {
        if (length > bytesMax)
        {
            throw new BodyTooLargeException(length.Value, bytesMax);
        }
        var body = new PooledBody((int)(length ?? FirstRentBytes));
        try
        {
            while (length is null || body._length < length)
            {
                body.Grow(bytesMax);
                var read = await stream.ReadAsync(body._buffer.AsMemory(body._length), cancellation);
                if (read == 0)
                {
                    break;
                }
                body._length += read;
            }
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
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    void Grow(int bytesMax)
    {
        if (_length < _buffer.Length)
        {
            return;
        }
        if (_length >= bytesMax)
        {
            throw new BodyTooLargeException(_length, bytesMax);
        }
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, FirstRentBytes));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        _buffer = larger;
    }
}

/// <summary>A body over the limit that the sidecar was started with.</summary>
sealed class BodyTooLargeException(long bytes, int bytesMax) : Exception($"the body has at least {bytes} bytes; the limit is {bytesMax}");
