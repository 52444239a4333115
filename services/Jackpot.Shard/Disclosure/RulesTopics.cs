using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Core.Disclosure;

namespace Jackpot.Shard.Disclosure;

/// <summary>The headings of the rules page.</summary>
internal static class RulesTopics
{
    public static RulesSectionView View(RulesTopic topic, IReadOnlyList<string> sentences) =>
        new(JsonNamingPolicy.SnakeCaseLower.ConvertName(topic.ToString()), Heading(topic), sentences);

    static string Heading(RulesTopic topic) => topic switch
    {
        RulesTopic.Kind => "What can be won",
        RulesTopic.Funding => "How it is funded",
        RulesTopic.Seed => "What it starts from",
        RulesTopic.Ceiling => "How high it can go",
        RulesTopic.Trigger => "How it is won",
        RulesTopic.Odds => "How likely it is",
        RulesTopic.Return => "What it adds to the return of the game",
        RulesTopic.SeveralWinners => "Several winners",
        RulesTopic.Community => "Sharing with other players",
        RulesTopic.Eligibility => "Who takes part",
        RulesTopic.Interruption => "When it is paused",
        _ => throw new ArgumentOutOfRangeException(nameof(topic), topic, "This topic has no heading."),
    };
}
