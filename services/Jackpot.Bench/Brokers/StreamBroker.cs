using System.Diagnostics;
using Jackpot.Bench.Baselines;
using Jackpot.LocalProcesses;

namespace Jackpot.Bench.Brokers;

/// <summary>A broker that bets are streamed over, for one region and for what lies between regions.</summary>
/// <param name="Component">Its folder under components/.</param>
/// <param name="Variables">Where `jackpot up` finds it.</param>
sealed record StreamBroker(string Component, IReadOnlyDictionary<string, string> Variables, Func<ValueTask> StopAsync) : IAsyncDisposable
{
    static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(20);

    internal const string Region = "EU_MT";
    internal const string Between = "NETWORK";

    public ValueTask DisposeAsync() => StopAsync();

    internal static Dictionary<string, string> VariablesOf(string region, string between) =>
        new() { ["JACKPOT_BROKER_URL_" + Region] = region, ["JACKPOT_BROKER_URL_" + Between] = between };

    /// <summary>Starts a program whose output nobody reads, and waits until it has printed that it is ready.</summary>
    internal static async Task<Process> StartAsync(string program, IEnumerable<string> arguments, string readyText, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains(readyText, StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(StartDeadline);
        return process;
    }

    internal static async Task EndAsync(Process process)
    {
        UnixSignal.Send(process.Id, UnixSignal.Terminate);
        using var limit = new CancellationTokenSource(StopDeadline);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited)
        {
            UnixSignal.Send(process.Id, UnixSignal.Kill);
        }
        process.Dispose();
    }
}
