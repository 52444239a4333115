using System.Globalization;
using Jackpot.LocalDapr.Timing;

namespace Jackpot.LocalDapr.Components;

/// <summary>A component of one sidecar, with templates, environment and secrets put in.</summary>
sealed class Component(ComponentSpec spec, IReadOnlyDictionary<string, (string Value, long Line)> values)
{
    public string Name => spec.Name;

    public ComponentType Type => spec.Type;

    public string Version => spec.Version;

    public string? Text(string name) => values.TryGetValue(name, out var entry) ? entry.Value : null;

    public string Required(string name) =>
        Text(name) is { Length: > 0 } text ? text : throw new ResourceFault(spec.File, spec.Line, $"component '{Name}' ({Type.Name}) needs the metadata '{name}'");

    public bool Flag(string name, bool otherwise) => Text(name)?.ToLowerInvariant() switch
    {
        null or "" => otherwise,
        "true" or "1" or "yes" or "y" or "t" or "on" => true,
        "false" or "0" or "no" or "n" or "f" or "off" => false,
        var text => throw Fault(name, $"'{name}' is '{text}'; it must be true or false"),
    };

    public int Whole(string name, int otherwise, int least = 0) => Text(name) switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least => value,
        var text => throw Fault(name, $"'{name}' is '{text}'; it must be a whole number of at least {least}"),
    };

    /// <summary>A Go duration (<c>1m30s</c>) or, as the components of Dapr allow, a plain number of seconds.</summary>
    public TimeSpan Duration(string name, TimeSpan otherwise) => Text(name) switch
    {
        null or "" => otherwise,
        var text when GoDuration.TryParse(text, out var value) => value,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) => TimeSpan.FromSeconds(seconds),
        var text => throw Fault(name, $"'{name}' is '{text}'; it must be a duration such as 500ms, 5s or 1m30s"),
    };

    public ResourceFault Fault(string name, string reason) =>
        new(spec.File, values.TryGetValue(name, out var entry) ? entry.Line : spec.Line, $"component '{Name}': {reason}");
}
