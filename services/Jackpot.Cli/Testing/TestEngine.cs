using System.Diagnostics;
using Jackpot.LocalProcesses;

namespace Jackpot.Cli.Testing;

/// <summary>The Docker engine that `jackpot test` starts for the tests that ask for containers: the script tests/containers/engine, which takes everything down again when it is told to or its input closes because this process died.</summary>
sealed class TestEngine : IAsyncDisposable
{
    /// <summary>Read by Jackpot.TestKit. Not DOCKER_HOST: that is the machine's own engine, from which all tests take their servers.</summary>
    const string AddressVariable = "JACKPOT_TEST_ENGINE";

    /// <summary>The script bounds its steps itself; this is for the day when it does not.</summary>
    static readonly TimeSpan StartTimeMax = TimeSpan.FromMinutes(8);

    static readonly TimeSpan StopTimeMax = TimeSpan.FromMinutes(1);

    readonly string _folder = Path.Combine(Path.GetTempPath(), $"jackpot-engine-{Environment.ProcessId}");
    readonly Process _script;
    readonly Task<string?> _ready;
    readonly Task<string> _errors;

    TestEngine(string root)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        var cache = Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(home, ".cache"), "jackpot");
        _script = Process.Start(new ProcessStartInfo(Path.Combine(root, "tests", "containers", "engine"), [_folder, cache])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        _ready = _script.StandardOutput.ReadLineAsync();
        _errors = _script.StandardError.ReadToEndAsync();
    }

    /// <summary>Whether this run may start one: nobody named an engine or asked for programs only, and only root can start one.</summary>
    internal static bool MayBeStarted =>
        Environment.UserName == "root" && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOCKER_HOST"))
        && Environment.GetEnvironmentVariable("JACKPOT_TEST_SERVERS") != "programs";

    /// <summary>Begins to start it; meanwhile the solution can be built.</summary>
    internal static TestEngine Start(string root)
    {
        Console.WriteLine("Starting a Docker engine for the tests that ask for containers ...");
        return new(root);
    }

    /// <summary>Waits until it is ready and tells the test programs, which inherit this process's variables, where it is; or says why there is none.</summary>
    internal async Task OfferAsync(CancellationToken stop)
    {
        var reason = $"it was not ready within {StartTimeMax.TotalMinutes:0} minutes";
        try
        {
            if (await _ready.WaitAsync(StartTimeMax, stop) is "ready")
            {
                Environment.SetEnvironmentVariable(AddressVariable, $"unix://{_folder}/docker.sock");
                return;
            }
            reason = (await _errors.WaitAsync(StopTimeMax, stop)).TrimEnd().Split('\n')[^1];
        }
        catch (TimeoutException)
        {
            // The tests go on without it.
        }
        Console.WriteLine($"Missing: a Docker engine; {reason}. What needs containers is skipped.");
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(AddressVariable, null);
        UnixSignal.Send(_script.Id, UnixSignal.Terminate);
        using var limit = new CancellationTokenSource(StopTimeMax);
        try
        {
            await _script.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _script.Kill(entireProcessTree: true);
        }
        _script.Dispose();
    }
}
