using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Jackpot.Dapr.Tests.Grpc;

/// <summary>HTTP/2 frames byte by byte, so that the tests see what really travels and not what a library makes of it.</summary>
static class Http2Wire
{
    public static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
    public static readonly byte[] EmptySettings = Hex("000000 04 00 00000000");
    public static readonly byte[] SettingsAck = Hex("000000 04 01 00000000");

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static byte[] Headers(byte[] block, bool endStream) => Frame(1, (byte)(endStream ? 5 : 4), block);

    public static byte[] Data(byte[] payload, bool endStream) => Frame(0, (byte)(endStream ? 1 : 0), payload);

    public static byte[] Frame(byte type, byte flags, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), 1);
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>A literal header field that no table remembers, its name and value in plain ASCII.</summary>
    public static byte[] Literal(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    public static async Task<WireFrame> ReadFrameAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var header = new byte[9];
        await stream.ReadExactlyAsync(header, cancellationToken);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header) >>> 8];
        await stream.ReadExactlyAsync(payload, cancellationToken);
        return new WireFrame(header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), payload);
    }
}

sealed record WireFrame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public bool IsData => Type == 0 && Stream == 1;

    public bool IsHeaders => Type == 1 && Stream == 1;

    public bool EndsStream => (IsData || IsHeaders) && (Flags & 1) != 0;
}
