using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Tidy.Tests.Rules;

/// <summary>A rule of the field in our own words, where it comes from, and why no test holds it when none does.</summary>
internal sealed record FieldRule(string Rule, string Text, string Source, [property: JsonPropertyName("without_test")] string? WithoutTest = null);

/// <summary>docs/rules.md: every rule with the tests that prove it.</summary>
internal static class RulesPage
{
    internal const string Path = "docs/rules.md";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    internal static IReadOnlyList<FieldRule> Rules() =>
        JsonSerializer.Deserialize<FieldRule[]>(File.ReadAllText(SourceTree.Absolute("tests/Jackpot.Tidy.Tests/Rules/rules.json")), Json)!;

    internal static string Write(IReadOnlyList<FieldRule> rules, IReadOnlyList<RuleTest> tests)
    {
        var page = new StringBuilder("""
            # The rules and what proves them

            Written from `tests/Jackpot.Tidy.Tests/Rules/rules.json` and from the `[Trait("Rule", "Rnn")]` of the tests; do not edit it. To write it anew:

                JACKPOT_WRITE_RULES=1 ./jackpot test --filter Tidy

            Texts are short and in our own words. They claim no conformance: read the sources before claiming any. `./jackpot test` runs every test
            named here.


            """);
        foreach (var rule in rules)
        {
            page.Append($"## {rule.Rule}\n\n{rule.Text} *({rule.Source})*\n\n");
            var proofs = tests.Where(test => test.Rule == rule.Rule).Select(test => $"* `{test.Class}.{test.Method}` ({test.Project})").Distinct().Order(StringComparer.Ordinal).ToList();
            page.Append(proofs.Count > 0 ? string.Join('\n', proofs) : $"No test here: {rule.WithoutTest}").Append("\n\n");
        }

        return page.ToString().TrimEnd() + "\n";
    }
}
