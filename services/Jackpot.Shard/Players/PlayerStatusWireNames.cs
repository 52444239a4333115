using Jackpot.Core.Eligibility;

namespace Jackpot.Shard.Players;

/// <summary>A standing as it is written: on the wire and in the table.</summary>
internal static class PlayerStatusWireNames
{
    public const string All = "good, self_excluded or house_account";

    public static string Of(PlayerStatus status) => status switch
    {
        PlayerStatus.Good => "good",
        PlayerStatus.SelfExcluded => "self_excluded",
        PlayerStatus.HouseAccount => "house_account",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such standing."),
    };

    public static PlayerStatus? TryParse(string? word) => word switch
    {
        "good" => PlayerStatus.Good,
        "self_excluded" => PlayerStatus.SelfExcluded,
        "house_account" => PlayerStatus.HouseAccount,
        _ => null,
    };

    public static PlayerStatus Parse(string word) =>
        TryParse(word) ?? throw new InvalidOperationException($"A player's standing is '{word}', which this version does not know.");
}
