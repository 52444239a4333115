using System.Globalization;

namespace Jackpot.Cli;

/// <summary>Options of one command: "--name value", and switches without a value. What is not known is refused.</summary>
sealed class Arguments
{
    readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    readonly HashSet<string> _switches = new(StringComparer.Ordinal);

    internal static Arguments Parse(IReadOnlyList<string> args, IReadOnlyCollection<string> names, IReadOnlyCollection<string> switches)
    {
        var parsed = new Arguments();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inline) = Split(args[i]);
            if (switches.Contains(name) && inline is null)
            {
                parsed._switches.Add(name);
            }
            else if (names.Contains(name) && (inline ?? (i + 1 < args.Count ? args[++i] : null)) is { } value)
            {
                parsed._values[name] = value;
            }
            else if (names.Contains(name))
            {
                throw new CommandException($"{name} needs a value.", ExitCodes.Usage);
            }
            else
            {
                throw new CommandException($"there is no option '{args[i]}' here. Known: {string.Join(' ', names.Concat(switches))}", ExitCodes.Usage);
            }
        }
        return parsed;
    }

    internal bool Has(string name) => _switches.Contains(name);

    internal string? Text(string name) => _values.GetValueOrDefault(name);

    internal int? Number(string name, int min, int max)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new CommandException($"{name} is '{text}'; it must be a whole number from {min} to {max}.", ExitCodes.Usage);
    }

    static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return argument.StartsWith("--", StringComparison.Ordinal) && equals > 0 ? (argument[..equals], argument[(equals + 1)..]) : (argument, null);
    }
}
