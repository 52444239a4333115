namespace Jackpot.Core.Ids;

/// <summary>
/// How staff are named: 1 to 64 of a-z, 0-9 and <c>. _ - @</c>, a letter or digit at either end. So small an alphabet leaves one spelling
/// per staff user: no case, no accents, no invisible characters, no letters of another script that look the same.
/// </summary>
public static class StaffId
{
    /// <summary>Longest id.</summary>
    public const int CharsMax = 64;

    /// <summary>What to say to whoever sent another spelling.</summary>
    public const string Form = "1 to 64 characters of a-z, 0-9 and . _ - @, with a letter or digit at either end, all in lower case";

    /// <summary>Whether this is a staff id, letter by letter; nothing is folded or trimmed.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= CharsMax && IsLetterOrDigit(text[0]) && IsLetterOrDigit(text[^1])
        && text.All(c => IsLetterOrDigit(c) || c is '.' or '_' or '-' or '@');

    static bool IsLetterOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
