using System.Collections.Frozen;
using System.Text.Json;

namespace Jackpot.Ledger.Texts;

/// <summary>How a reason is written in answers: its name in snake_case.</summary>
internal static class WireNames
{
    public static string Of<TEnum>(TEnum reason) where TEnum : struct, Enum => Names<TEnum>.All[reason];

    /// <summary>False when nothing is written so.</summary>
    public static bool TryParse<TEnum>(string? word, out TEnum value) where TEnum : struct, Enum
    {
        value = default;
        return word is not null && Names<TEnum>.ByWord.TryGetValue(word, out value);
    }

    /// <exception cref="FormatException">Nothing is written so.</exception>
    public static TEnum Parse<TEnum>(string word) where TEnum : struct, Enum =>
        TryParse<TEnum>(word, out var value) ? value : throw new FormatException($"'{word}' is not a known {typeof(TEnum).Name}.");

    static class Names<TEnum> where TEnum : struct, Enum
    {
        public static readonly FrozenDictionary<TEnum, string> All =
            Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        public static readonly FrozenDictionary<string, TEnum> ByWord = All.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
