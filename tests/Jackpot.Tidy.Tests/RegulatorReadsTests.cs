using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests;

/// <summary>What a regulator is shown is read and never written: whoever reviews it need not ask what it could have changed.</summary>
public sealed partial class RegulatorReadsTests
{
    [GeneratedRegex(@"\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM|TRUNCATE|ALTER|CREATE|DROP|FOR UPDATE|FOR SHARE|AppendAsync|JackpotReader\.LockAsync)\b")]
    private static partial Regex Writes { get; }

    [Fact]
    [Trait("Rule", "R46")]
    public void Nothing_that_a_regulator_reads_is_written_on_the_way()
    {
        var findings = SourceTree.Files("*.cs", "services/Jackpot.Regulator")
            .SelectMany(file => Writes.Matches(File.ReadAllText(file)).Select(match => $"{SourceTree.Relative(file)}: {match.Value}"));
        Assert.Empty(findings);
    }

    [Theory]
    [InlineData("INSERT INTO audit_entry (number) VALUES (1)")]
    [InlineData("UPDATE jackpot_state SET status = 'paused'")]
    [InlineData("WITH old AS (DELETE FROM balancing_run) SELECT 1")]
    [InlineData("SELECT id FROM jackpot_state FOR UPDATE")]
    public void Such_a_statement_would_be_found(string statement) => Assert.Matches(Writes, statement);
}
