using System.Text.RegularExpressions;
using Jackpot.TestKit;

namespace Jackpot.Tidy.Tests.Telemetry;

/// <summary>Every alert fires on its fault, speaks of metrics that the services make, and has a page that says what to do.</summary>
public sealed partial class AlertTests
{
    const string Alerts = "components/observe/alerts.yaml";
    const string Cases = "components/observe/alerts.test.yaml";
    const string Pages = "docs/runbooks";

    [GeneratedRegex(@"^ +- alert: (?<name>\w+)\n +expr: '(?<expression>.*)'$", RegexOptions.Multiline)]
    private static partial Regex Alert { get; }

    [GeneratedRegex(@"\b(?:jackpot|gateway|wallet)_\w+")]
    private static partial Regex OwnName { get; }

    static IReadOnlyList<Match> All => [.. Alert.Matches(File.ReadAllText(SourceTree.Absolute(Alerts))).Cast<Match>()];

    [Fact]
    public Task Every_alert_fires_on_its_fault_and_is_quiet_beside_it() => Promtool.PassesAsync(SourceTree.Absolute(Cases), TestContext.Current.CancellationToken);

    [Fact]
    public void Every_alert_has_both_cases()
    {
        var cases = File.ReadAllText(SourceTree.Absolute(Cases)).Split('\n').Where(line => line.Contains("alertname: ", StringComparison.Ordinal)).CountBy(line => line.Split(": ")[1]).ToDictionary();
        Assert.Equal(All.ToDictionary(alert => alert.Groups["name"].Value, _ => 2), cases);
    }

    [Fact]
    public void Every_alert_has_a_page_and_every_page_an_alert()
    {
        var names = All.Select(alert => alert.Groups["name"].Value).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(names);
        Assert.Equal(
            names, Directory.GetFiles(SourceTree.Absolute(Pages)).Select(Path.GetFileNameWithoutExtension).Where(name => name != "README").Order(StringComparer.Ordinal));
        Assert.All(All, alert =>
        {
            var page = File.ReadAllText(SourceTree.Absolute($"{Pages}/{alert.Groups["name"].Value}.md"));
            Assert.Contains("    " + alert.Groups["expression"].Value.Replace("''", "'", StringComparison.Ordinal), page, StringComparison.Ordinal);
            Assert.All((string[])["## What it means", "## What to look at", "## What to do"], heading => Assert.Contains(heading, page, StringComparison.Ordinal));
        });
        var index = File.ReadAllText(SourceTree.Absolute(Pages + "/README.md"));
        Assert.All(names, name => Assert.Contains($"[{name}]({name}.md)", index, StringComparison.Ordinal));
    }

    [Fact]
    public void Alerts_speak_of_metrics_that_there_are()
    {
        var made = OwnMetrics.All().Select(metric => metric.Name).ToHashSet(StringComparer.Ordinal);
        var spoken = All.SelectMany(alert => OwnName.Matches(alert.Groups["expression"].Value)).Select(name => name.Value.Replace("_bucket", "", StringComparison.Ordinal)).Distinct();
        Assert.Empty(spoken.Except(made));
    }
}
