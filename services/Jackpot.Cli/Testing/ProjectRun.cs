using System.Diagnostics;

namespace Jackpot.Cli.Testing;

/// <summary>What is known so far of one test project, from the messages of its program.</summary>
sealed class ProjectRun(string name)
{
    const int StrayLinesMax = 40;

    readonly Stopwatch _clock = new();
    readonly Dictionary<string, string> _running = [];
    readonly Queue<string> _stray = new();
    bool _complete;

    internal string Name { get; } = name;
    internal int Cases { get; private set; }
    internal int CasesDone { get; private set; }
    internal int Begun { get; private set; }
    internal int Passed { get; private set; }
    internal int Failed { get; private set; }
    internal TimeSpan Elapsed => _clock.Elapsed;
    internal bool IsUnderWay => _clock.IsRunning;
    internal List<(string Reason, string Test)> Skips { get; } = [];
    internal List<(TimeSpan Duration, string Test)> Durations { get; } = [];

    internal void Started() => _clock.Start();

    /// <summary>Takes a line that the program printed; answers a failure that it tells of.</summary>
    internal TestFailure? Take(string line)
    {
        if (!TestMessage.TryParse(line, out var message))
        {
            Keep(line);
            return null;
        }
        switch (message.Type)
        {
            case "discovery-complete":
                Cases = message.Number("TestCasesToRun");
                return null;
            case "test-starting":
                Begun++;
                _running[message.Text("TestUniqueID")] = message.Text("TestDisplayName");
                return null;
            case "test-passed":
                Passed++;
                Ended(message);
                return null;
            case "test-skipped":
                Skips.Add((message.Text("Reason"), Ended(message)));
                return null;
            case "test-failed":
                return Fail(Ended(message), message.Failure());
            case "test-case-finished":
                CasesDone++;
                return null;
            case "test-assembly-finished":
                _complete = true;
                return null;
            // What stops a fixture or breaks its end is as red as a failed test.
            case "error" or "error-message":
            case var type when type.EndsWith("-cleanup-failure", StringComparison.Ordinal):
                return Fail($"{Name} ({message.Type})", message.Failure());
            default:
                return null;
        }
    }

    /// <summary>A program that ends without its last message counts as one failure, so that a crash cannot look like success.</summary>
    internal TestFailure? Ends(int exitCode, TimeSpan? idle)
    {
        _clock.Stop();
        if (idle is null && _complete && (exitCode == 0 || Failed > 0))
        {
            return null;
        }
        var ending = idle is { } time ? $"started and ended no test for {time.TotalMinutes:0} minutes and was ended" : $"ended with {exitCode} {(_complete ? "although no test failed" : "before its last test")}";
        var running = _running.Count > 0 ? $"\nThen running: {string.Join(", ", _running.Values)}" : "";
        return Fail(Name, $"The test program {ending}.{running}\n{string.Join('\n', _stray)}".TrimEnd());
    }

    TestFailure Fail(string test, string text)
    {
        Failed++;
        return new TestFailure(test, text);
    }

    string Ended(TestMessage message)
    {
        _running.Remove(message.Text("TestUniqueID"), out var test);
        Durations.Add((message.Duration, test ?? Name));
        return test ?? Name;
    }

    void Keep(string line)
    {
        _stray.Enqueue(line);
        if (_stray.Count > StrayLinesMax)
        {
            _stray.Dequeue();
        }
    }
}

sealed record TestFailure(string Test, string Text);
