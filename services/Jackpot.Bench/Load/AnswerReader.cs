namespace Jackpot.Bench.Load;

/// <summary>Finds where an HTTP/1.1 answer ends, by its length or by its last chunk, and what its status was.</summary>
struct AnswerReader
{
    internal const int Ok = 200;
    internal const int Unavailable = 503;

    int _bodyStart;
    int _bodyLength;
    bool _chunked;
    int _itemsRefused;

    /// <summary>0 until the head has been read.</summary>
    internal int Status { get; private set; }

    /// <summary>How many items of a batch were refused; counted once the answer is complete.</summary>
    internal readonly int ItemsRefused => _itemsRefused;

    /// <summary>Whether the shard said that this is an earlier request's answer.</summary>
    internal bool IsReplay { get; private set; }

    /// <summary>Whether a refusal says when to come again.</summary>
    internal bool HasRetryAfter { get; private set; }

    /// <summary>Whether the shard said that it does not know if the contribution is stored.</summary>
    internal bool IsInDoubt { get; private set; }

    /// <summary>Whether the bytes so far are a whole answer.</summary>
    internal bool IsComplete(ReadOnlySpan<byte> bytes)
    {
        if (Status == 0)
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return false;
            }
            ReadHead(bytes[..end], end + 4);
        }
        var complete = _chunked ? bytes.Length >= _bodyStart + 5 && bytes.EndsWith("0\r\n\r\n"u8) : bytes.Length >= _bodyStart + _bodyLength;
        if (complete)
        {
            _itemsRefused = Count(bytes[_bodyStart..], "\"status\":\"refused\""u8);
            IsInDoubt = Status != Ok && bytes.IndexOf("problem:unavailable"u8) >= 0;
        }
        return complete;
    }

    void ReadHead(ReadOnlySpan<byte> head, int bodyStart)
    {
        Status = ((head[9] - '0') * 100) + ((head[10] - '0') * 10) + (head[11] - '0');
        _bodyStart = bodyStart;
        _chunked = head.IndexOf("Transfer-Encoding: chunked"u8) >= 0;
        _bodyLength = 0;
        IsReplay = head.IndexOf("Idempotent-Replayed"u8) >= 0;
        HasRetryAfter = head.IndexOf("Retry-After: "u8) >= 0;
        var at = head.IndexOf("Content-Length: "u8);
        if (at >= 0)
        {
            foreach (var digit in head[(at + 16)..])
            {
                if (digit is < (byte)'0' or > (byte)'9')
                {
                    break;
                }
                _bodyLength = (_bodyLength * 10) + (digit - '0');
            }
        }
    }

    static int Count(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        var count = 0;
        for (var at = text.IndexOf(part); at >= 0; at = text.IndexOf(part))
        {
            count++;
            text = text[(at + part.Length)..];
        }
        return count;
    }
}
