using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.LocalProcesses;

namespace Jackpot.Cli.Supervision;

/// <summary>cluster.json: what runs now. Written by the supervisor at every change; read by down, status and the tests.</summary>
sealed record ClusterState(
    string RunDirectory, DateTimeOffset StartedAt, ProcessIdentity Supervisor,
    IReadOnlyDictionary<string, string> Urls, IReadOnlyDictionary<string, string> Databases, IReadOnlyList<ProcessState> Processes)
{
    /// <summary>The state that was last written; null when there is none.</summary>
    internal static ClusterState? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ClusterStateJson.Default.ClusterState);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new CommandException($"{path} cannot be read: {error.Message}");
        }
    }

    internal string ToJson() => JsonSerializer.Serialize(this, ClusterStateJson.Default.ClusterState);
}

/// <summary>A process, told from a later one with the same id by its start time.</summary>
/// <param name="StartTicks">Kernel clock ticks after boot.</param>
sealed record ProcessIdentity(int Pid, long StartTicks)
{
    internal static ProcessIdentity? Of(int pid) => UnixSignal.StartTicks(pid) is { } ticks ? new ProcessIdentity(pid, ticks) : null;

    [JsonIgnore]
    internal bool IsAlive => UnixSignal.StartTicks(Pid) == StartTicks && UnixSignal.IsAlive(Pid);

    /// <summary>Sends the signal if this very process still runs.</summary>
    internal void Send(int signal)
    {
        if (IsAlive)
        {
            UnixSignal.Send(Pid, signal);
        }
    }
}

/// <param name="State">starting, running, restarting, stopped, or failed (given up).</param>
/// <param name="Restarts">How often it was started again since the cluster came up.</param>
/// <param name="LastExitCode">Of the run before this one; 128 + signal when it was killed.</param>
sealed record ProcessState(
    string Name, string Service, string State, ProcessIdentity? Identity, int Restarts, int? LastExitCode,
    string? Url, IReadOnlyDictionary<string, int> Ports, string Log, int Stage);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClusterState))]
sealed partial class ClusterStateJson : JsonSerializerContext;
