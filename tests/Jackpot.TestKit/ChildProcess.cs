using System.Collections.Concurrent;
using System.Diagnostics;
using Jackpot.LocalProcesses;

namespace Jackpot.TestKit;

/// <summary>A built program started as a real process, so that a test can read what it printed, kill it with -9 and start it again.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    const int LinesKept = 2_000;
    static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(15);

    readonly ConcurrentQueue<string> _lines = new();
    readonly Process _process;

    ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Exit code; only after it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The last 2,000 lines of standard output and standard error, as they came.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts <c>dotnet {dll} {arguments}</c> with these environment variables added (a null value removes one).</summary>
    public static ChildProcess StartDotnet(
        string dll, IEnumerable<string>? arguments = null, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null) =>
        Start("dotnet", [dll, .. arguments ?? []], environment, workingDirectory ?? Path.GetDirectoryName(dll));

    /// <summary>Starts any program.</summary>
    public static ChildProcess Start(
        string program, IEnumerable<string>? arguments = null, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(program, arguments ?? [])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }
        return new ChildProcess(start);
    }

    /// <summary>Sends a signal, for example <see cref="UnixSignal.Stop"/> to freeze it.</summary>
    public void Send(int signal) => UnixSignal.Send(Id, signal);

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!HasExited)
        {
            UnixSignal.Send(Id, UnixSignal.Kill);
        }
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop (SIGTERM), waits, answers its exit code; after 15 s it is killed and that is an error.</summary>
    public async Task<int> StopAsync()
    {
        if (!HasExited)
        {
            UnixSignal.Send(Id, UnixSignal.Terminate);
        }
        return await ExitAsync(StopDeadline);
    }

    /// <summary>Waits for its end and answers the exit code; after the deadline it is killed and that is an error.</summary>
    public async Task<int> ExitAsync(TimeSpan deadline)
    {
        using var limit = new CancellationTokenSource(deadline);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            throw new TimeoutException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} did not end within {deadline.TotalSeconds} s. Its output:\n{Output}");
        }
    }

    /// <summary>Waits until a line holding this text was printed.</summary>
    public Task PrintedAsync(string text, TimeSpan? deadline = null) =>
        Eventually.TrueAsync(() => _lines.Any(line => line.Contains(text, StringComparison.Ordinal)), deadline, $"\"{text}\" in the output");

    /// <summary>A start that takes longer hangs. It is no measure of speed: the machine may be doing ten other things.</summary>
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(120);

    /// <summary>Waits until GET <paramref name="url"/> answers 200; an early end of the process fails at once with its output.</summary>
    public async Task AnswersAsync(string url, TimeSpan? deadline = null)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    if (HasExited)
                    {
                        return true;
                    }
                    using var answer = await http.GetAsync(url);
                    return answer.IsSuccessStatusCode;
                },
                deadline ?? StartMax, $"GET {url} answering 200");
        }
        catch (TimeoutException)
        {
            // Whoever waited for the start has nothing in hand yet that would end the process.
            await KillAsync();
            throw;
        }

        if (HasExited)
        {
            throw new InvalidOperationException($"The process ended with {ExitCode} before {url} answered. Its output:\n{Output}");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }
        _lines.Enqueue(line);
        while (_lines.Count > LinesKept && _lines.TryDequeue(out _))
        {
        }
    }
}
