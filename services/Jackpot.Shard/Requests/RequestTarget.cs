using System.Globalization;
using System.Text.Unicode;
using Jackpot.ServiceDefaults.Routing;

namespace Jackpot.Shard.Requests;

/// <summary>Path and query as they were sent: they must say one thing, and nothing that cannot be stored.</summary>
internal static class RequestTarget
{
    const int StackCharsMax = 1_024;

    /// <summary>What is wrong with the target of a request line, or null.</summary>
    public static string? Fault(string target)
    {
        if (!target.Contains('%', StringComparison.Ordinal) && !target.Contains("/.", StringComparison.Ordinal))
        {
            return null;
        }

        if (!IsText(target))
        {
            return "an escape in the path or query is not two hexadecimal digits, or stands for a text that is not UTF-8, or for NUL";
        }

        foreach (var segment in RouteText.PathOf(target).ToString().Split('/'))
        {
            if (Uri.UnescapeDataString(segment) is "." or "..")
            {
                return "'.' and '..' cannot be said in a path; a player of such an id has the endpoint that takes 'player_id' in the body or the query";
            }
        }

        return null;
    }

    static bool IsText(string target)
    {
        Span<byte> decoded = target.Length <= StackCharsMax ? stackalloc byte[target.Length] : new byte[target.Length];
        var length = 0;
        for (var i = 0; i < target.Length; i++, length++)
        {
            if (target[i] != '%')
            {
                decoded[length] = (byte)target[i];
            }
            else if (i + 2 < target.Length && byte.TryParse(target.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out decoded[length]))
            {
                i += 2;
            }
            else
            {
                return false;
            }
        }

        return Utf8.IsValid(decoded[..length]) && !decoded[..length].Contains((byte)0);
    }
}
