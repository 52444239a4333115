using System.Globalization;
using System.Text;

namespace Jackpot.Dapr.Grpc;

/// <summary>The text forms of gRPC's headers: <c>grpc-message</c> (percent-encoded UTF-8) and <c>grpc-timeout</c> (at most eight digits and a unit).</summary>
internal static class GrpcText
{
    const long TimeoutDigitsMax = 99_999_999;

    public static string EncodeMessage(string message)
    {
        var encoded = new StringBuilder(message.Length);
        foreach (var b in Encoding.UTF8.GetBytes(message))
        {
            if (b is >= 0x20 and <= 0x7E && b != (byte)'%')
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }

    /// <summary>Decodes what it can and leaves a broken escape as it stands, as the gRPC specification asks of a receiver.</summary>
    public static string DecodeMessage(string encoded)
    {
        if (!encoded.Contains('%', StringComparison.Ordinal))
        {
            return encoded;
        }

        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(encoded[i].ToString()));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    public static string EncodeTimeout(TimeSpan timeout)
    {
        var millis = Math.Max(1, (long)Math.Ceiling(timeout.TotalMilliseconds));
        return millis <= TimeoutDigitsMax
            ? string.Create(CultureInfo.InvariantCulture, $"{millis}m")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Min(millis / 1000, TimeoutDigitsMax)}S");
    }

    public static bool TryDecodeTimeout(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        var ticksPerUnit = text[^1] switch
        {
            'H' => (double)TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            'n' => 0.01,
            _ => 0,
        };
        timeout = TimeSpan.FromTicks((long)Math.Ceiling(value * ticksPerUnit));
        return ticksPerUnit > 0;
    }
}
