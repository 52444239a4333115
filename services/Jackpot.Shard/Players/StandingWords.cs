using Jackpot.Core.Eligibility;

namespace Jackpot.Shard.Players;

/// <summary>A standing as it is written: on the wire and in the table.</summary>
internal static class StandingWords
{
    public const string All = "good, self_excluded or house_account";

    public static string Of(PlayerStanding standing) => standing switch
    {
        PlayerStanding.Good => "good",
        PlayerStanding.SelfExcluded => "self_excluded",
        PlayerStanding.HouseAccount => "house_account",
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "There is no such standing."),
    };

    public static PlayerStanding? TryParse(string? word) => word switch
    {
        "good" => PlayerStanding.Good,
        "self_excluded" => PlayerStanding.SelfExcluded,
        "house_account" => PlayerStanding.HouseAccount,
        _ => null,
    };

    public static PlayerStanding Parse(string word) =>
        TryParse(word) ?? throw new InvalidOperationException($"A player's standing is '{word}', which this version does not know.");
}
