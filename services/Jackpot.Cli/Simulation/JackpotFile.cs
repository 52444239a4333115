using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Pools;
using Jackpot.Core.Validation;

namespace Jackpot.Cli.Simulation;

/// <summary>Reads a jackpot's definition and tells all that is wrong with it at once.</summary>
static class JackpotFile
{
    internal static JackpotConfig Read(string path)
    {
        var config = Parse(path);
        var faults = JackpotConfigValidator.Validate(config);
        return faults.IsEmpty
            ? config
            : throw new CommandException(string.Join('\n', faults.Select(Line).Prepend($"{path} has {faults.Length} {(faults.Length == 1 ? "fault" : "faults")}:")));
    }

    static JackpotConfig Parse(string path)
    {
        try
        {
            return JackpotDefinition.Parse(File.ReadAllText(path)).ToConfig();
        }
        catch (Exception e) when (e is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path}: {e.Message}");
        }
    }

    static string Line(ConfigFault fault) => fault.Pool is { } pool ? $"  pool '{pool}': {fault.Message}" : $"  {fault.Message}";
}
