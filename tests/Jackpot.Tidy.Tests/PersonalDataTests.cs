using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests;

/// <summary>DESIGN's "References": nobody knows Players, which is personal data, except the shard's own endpoints.</summary>
public sealed partial class PersonalDataTests
{
    /// <summary>where opt-ins and player statuses decide over a bet, and where the shard is put together.</summary>
    static readonly string[] Endpoints =
    [
        "services/Jackpot.Shard/Players/", "services/Jackpot.Shard/Contributions/", "services/Jackpot.Shard/ShardApp.cs",

        // Where a game names winners, who are checked like who plays, and where they are looked at again before the money is sent.
        "services/Jackpot.Shard/ExternalTriggers/TriggerEndpoints.cs", "services/Jackpot.Shard/Payouts/PayoutChecks.cs",

        // Where staff make a personal pot: the player goes in, their hash comes out.
        "services/Jackpot.Shard/Templates/TemplateEndpoints.cs",
        "services/Jackpot.Shard/ShardStart.cs", "tests/Jackpot.Shard.Tests/", "tests/Jackpot.Tidy.Tests/",
    ];

    [GeneratedRegex(@"Shard\.Players\b|\bplayer_(standing|opt_in)\b")]
    private static partial Regex Players { get; }

    [Fact]
    public void Only_the_endpoints_of_the_shard_know_players()
    {
        var findings = SourceTree.Files("*.cs").Select(SourceTree.Relative)
            .Where(file => !Endpoints.Any(endpoint => file.StartsWith(endpoint, StringComparison.Ordinal)))
            .Where(file => Players.IsMatch(File.ReadAllText(SourceTree.Absolute(file))));
        Assert.Empty(findings);
    }

    [Fact]
    public void The_endpoints_named_here_exist() =>
        Assert.All(Endpoints, endpoint => Assert.True(Path.Exists(SourceTree.Absolute(endpoint)), endpoint));
}
