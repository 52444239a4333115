using System.Text.Json.Serialization;

namespace Jackpot.Dapr.Tests.Workflows;

[JsonDerivedType(typeof(CallStep), "call")]
[JsonDerivedType(typeof(FlakyStep), "flaky")]
[JsonDerivedType(typeof(BrokenStep), "broken")]
[JsonDerivedType(typeof(TimerStep), "timer")]
[JsonDerivedType(typeof(EventStep), "event")]
[JsonDerivedType(typeof(TimeoutStep), "timeout")]
[JsonDerivedType(typeof(ChildStep), "child")]
[JsonDerivedType(typeof(ParallelStep), "parallel")]
public abstract record ProgramStep(string Path);

/// <summary>An activity with one effect.</summary>
public sealed record CallStep(string Path) : ProgramStep(Path);

/// <summary>An activity that fails the first time it runs and is tried again.</summary>
public sealed record FlakyStep(string Path) : ProgramStep(Path);

/// <summary>An activity that always fails; the program catches it.</summary>
public sealed record BrokenStep(string Path) : ProgramStep(Path);

/// <summary>A durable timer.</summary>
public sealed record TimerStep(string Path) : ProgramStep(Path);

/// <summary>A wait for an event that is raised at the start.</summary>
public sealed record EventStep(string Path) : ProgramStep(Path);

/// <summary>A wait for an event that never comes.</summary>
public sealed record TimeoutStep(string Path) : ProgramStep(Path);

/// <summary>A child that runs a program of its own.</summary>
public sealed record ChildStep(string Path, List<ProgramStep> Steps) : ProgramStep(Path);

/// <summary>Steps at the same time.</summary>
public sealed record ParallelStep(string Path, List<ProgramStep> Steps) : ProgramStep(Path);

/// <summary>A workflow made by chance: steps, run through once or twice with continue-as-new in between.</summary>
public sealed record GeneratedProgram(List<ProgramStep> Steps, int Rounds, string Sofar)
{
    public static GeneratedProgram Generate(Random random) => new(NewSteps(random, "s", random.Next(1, 6), depth: 0), random.Next(5) == 0 ? 2 : 1, "");

    public IEnumerable<string> EventNames() => Flatten(Steps).OfType<EventStep>().Select(step => step.Path);

    static IEnumerable<ProgramStep> Flatten(IEnumerable<ProgramStep> steps) =>
        steps.SelectMany(step => step is ParallelStep parallel ? Flatten(parallel.Steps).Prepend(step) : [step]);

    static List<ProgramStep> NewSteps(Random random, string path, int count, int depth) =>
        [.. Enumerable.Range(0, count).Select(i => NewStep(random, $"{path}.{i}", depth))];

    static ProgramStep NewStep(Random random, string path, int depth) => random.Next(depth == 0 ? 10 : 6) switch
    {
        0 or 1 or 2 => new CallStep(path),
        3 => new FlakyStep(path),
        4 => new BrokenStep(path),
        5 => new TimerStep(path),
        6 => new EventStep(path),
        7 => new TimeoutStep(path),
        8 => new ChildStep(path, NewSteps(random, path, random.Next(1, 4), depth + 1)),
        _ => new ParallelStep(path, NewSteps(random, path, random.Next(2, 5), depth + 1)),
    };
}
