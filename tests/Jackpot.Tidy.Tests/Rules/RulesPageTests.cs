namespace Jackpot.Tidy.Tests.Rules;

/// <summary>No rule is forgotten, and the page says what the tests say.</summary>
public sealed class RulesPageTests
{
    const int RulesOfTheLedger = 59;

    // This file's own sample of a source is no claim.
    const string OwnProject = "Jackpot.Tidy.Tests";

    [Fact]
    public void Every_rule_is_there_once_in_order_with_words_and_a_source()
    {
        var rules = RulesPage.Rules();
        Assert.Equal(Enumerable.Range(1, RulesOfTheLedger).Select(number => $"R{number:00}"), rules.Select(rule => rule.Rule));
        Assert.All(rules, rule => Assert.True(rule.Text.Length > 20 && rule.Source.Length > 2, rule.Rule));
    }

    [Fact]
    public void No_rule_is_without_a_test_and_without_a_reason()
    {
        var proven = RuleTraits.All().Select(test => test.Rule).ToHashSet();
        Assert.All(RulesPage.Rules(), rule => Assert.True(proven.Contains(rule.Rule) || !string.IsNullOrWhiteSpace(rule.WithoutTest), $"{rule.Rule} has neither a test nor a reason"));
    }

    [Fact]
    public void No_test_names_a_rule_that_does_not_exist()
    {
        var known = RulesPage.Rules().Select(rule => rule.Rule).ToHashSet();
        Assert.All(RuleTraits.All().Where(test => test.Project != OwnProject && IsOfTheLedger(test.Rule)), test => Assert.Contains(test.Rule, known));
    }

    [Fact]
    public async Task The_page_says_what_the_tests_say()
    {
        var page = RulesPage.Write(RulesPage.Rules(), RuleTraits.All());
        var path = SourceTree.Absolute(RulesPage.Path);
        if (Environment.GetEnvironmentVariable("JACKPOT_WRITE_RULES") == "1")
        {
            await File.WriteAllTextAsync(path, page, TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(path) && await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) == page,
            $"{RulesPage.Path} is stale: run JACKPOT_WRITE_RULES=1 ./jackpot test --filter Tidy and commit it.");
    }

    [Fact]
    public void Traits_of_a_class_hold_for_its_tests_and_those_of_a_method_for_it_alone()
    {
        string[] source =
        [
            "[Trait(\"Rule\", \"A\")]", "public sealed class Some", "{", "    [Fact]", "    [Trait(\"Rule\", \"B\")]", "    public void One() =>",
            "    public static void NoTest(int x) =>", "    [Theory]", "    public async Task Two(int x)", "}",
            "public sealed class Other", "{", "    [Fact]", "    public void Three()", "}",
        ];
        Assert.Equal(
            [new RuleTest("B", "p", "Some", "One"), new RuleTest("A", "p", "Some", "One"), new RuleTest("A", "p", "Some", "Two")],
            RuleTraits.OfSource("p", source));
    }

    // Rules of availability and security have numbers above these; their house keeps its own list.
    static bool IsOfTheLedger(string rule) => !rule.StartsWith('R') || !int.TryParse(rule.AsSpan(1), out var number) || number <= RulesOfTheLedger;
}
