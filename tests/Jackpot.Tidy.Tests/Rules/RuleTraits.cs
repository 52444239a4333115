using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests.Rules;

/// <summary>A test that says which rule it proves.</summary>
internal sealed record RuleTest(string Rule, string Project, string Class, string Method);

/// <summary>Finds the traits in the sources, so that no test assembly must be loaded.</summary>
internal static partial class RuleTraits
{
    [GeneratedRegex("""\[Trait\("Rule", "(?<rule>[^"]*)"\)\]""")]
    private static partial Regex Trait { get; }

    [GeneratedRegex(@"^\s*public\s+(static\s+)?(async\s+)?(void|Task|ValueTask)\s+(?<method>\w+)\s*\(")]
    private static partial Regex TestMethod { get; }

    [GeneratedRegex(@"^(public|internal)\s+(sealed\s+|abstract\s+|partial\s+)*class\s+(?<class>\w+)")]
    private static partial Regex TestClass { get; }

    internal static IReadOnlyList<RuleTest> All() => [.. SourceTree.Files("*.cs", "tests").Order(StringComparer.Ordinal).SelectMany(OfFile)];

    /// <summary>Traits wait for the next class or method; those of a class hold for each of its methods that is a test.</summary>
    internal static IEnumerable<RuleTest> OfSource(string project, IEnumerable<string> lines)
    {
        var (waiting, ofClass, name, isTest) = (new List<string>(), new List<string>(), "", false);
        foreach (var line in lines)
        {
            waiting.AddRange(Trait.Matches(line).Select(match => match.Groups["rule"].Value));
            isTest |= line.TrimStart().StartsWith("[Fact", StringComparison.Ordinal) || line.TrimStart().StartsWith("[Theory", StringComparison.Ordinal);
            if (TestClass.Match(line) is { Success: true } type)
            {
                (ofClass, name, waiting) = (waiting, type.Groups["class"].Value, []);
            }
            else if (TestMethod.Match(line) is { Success: true } method)
            {
                foreach (var rule in isTest ? waiting.Concat(ofClass).Distinct() : [])
                {
                    yield return new RuleTest(rule, project, name, method.Groups["method"].Value);
                }

                (waiting, isTest) = ([], false);
            }
        }
    }

    static IEnumerable<RuleTest> OfFile(string file) => OfSource(SourceTree.Relative(file).Split('/')[1], File.ReadLines(file));
}
