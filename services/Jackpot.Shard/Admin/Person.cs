using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Admin;

/// <summary>Who acts at an admin door. The audit log keeps the name, and four eyes are told apart by it.</summary>
internal static class Person
{
    public const string Header = "X-Person";
    const int CharsMax = 100;

    /// <summary>The name in the header, or null after the refusal was written.</summary>
    public static async ValueTask<string?> OfAsync(HttpContext http)
    {
        var header = http.Request.Headers[Header];
        var name = header.Count == 1 ? header[0]!.Trim() : "";
        if (name.Length is > 0 and <= CharsMax && !name.Any(char.IsControl))
        {
            return name;
        }

        await Problem.WriteAsync(http, Refusal.PersonMissing, $"send exactly one {Header} header of 1 to {CharsMax} characters that names who acts");
        return null;
    }
}
