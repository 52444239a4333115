using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Changes;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Shard.Changes;

/// <summary>A row of <c>config_change</c> with the terms that its author saw.</summary>
/// <param name="Jackpot">The jackpot's key in the tables.</param>
/// <param name="Before">The terms of version <paramref name="BeforeVersion"/>.</param>
/// <param name="Decision">The reason that whoever decided gave.</param>
internal sealed record StoredChange(
    long Id,
    int Jackpot,
    ChangeStatus Status,
    int BeforeVersion,
    JackpotDefinition Before,
    JackpotDefinition After,
    string Author,
    string Why,
    string? DecidedBy,
    string? Decision,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt)
{
    /// <summary>As the rules see it.</summary>
    public ConfigChange ToChange() => new(
        JackpotTerms.Of(Before, BeforeVersion).Config, JackpotTerms.Of(After, BeforeVersion).Config, Status, Author, Why, DecidedBy)
    {
        ChangesMore = Before != After,
    };

    public static string WordOf(ChangeStatus status) => status switch
    {
        ChangeStatus.Draft => "draft",
        ChangeStatus.Proposed => "proposed",
        ChangeStatus.Approved => "approved",
        ChangeStatus.Effective => "effective",
        ChangeStatus.Rejected => "rejected",
        ChangeStatus.Withdrawn => "withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status."),
    };

    public static ChangeStatus StatusOf(string word) => Enum.GetValues<ChangeStatus>().First(status => WordOf(status) == word);
}
