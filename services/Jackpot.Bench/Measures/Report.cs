using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Jackpot.Bench.Measures;

/// <summary>Collects the measures and shows them: a table for people, results.json for programs.</summary>
sealed class Report
{
    const int FileWidth = 220;

    readonly Dictionary<string, Measure> _measures = [];
    readonly SortedDictionary<string, string> _circumstances = new(StringComparer.Ordinal);

    internal void Add(string id, double? value, double? perSecond, string detail) => _measures[id] = new Measure(Targets.Of(id), value, perSecond, detail);

    internal void NotMeasured(string id, string reason) => Add(id, null, null, $"not measured: {reason}");

    internal void Circumstance(string name, string value) => _circumstances[name] = value;

    internal IEnumerable<Measure> InOrder => Targets.All.Where(target => _measures.ContainsKey(target.Id)).Select(target => _measures[target.Id]);

    internal void Print()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = FileWidth;
        }
        var table = new Table().Border(TableBorder.Simple).AddColumns("id", "measure", "value", "pass", "stretch", "", "detail");
        foreach (var measure in InOrder)
        {
            var target = measure.Target;
            var sign = target.LowerIsBetter ? "≤" : "≥";
            table.AddRow(
                target.Id, Markup.Escape(target.Title + (target.Baseline is null ? "" : $" ÷ {target.Baseline}")),
                measure.Value is { } value ? $"{Number(value)} {Markup.Escape(target.Unit)}" : "-",
                $"{sign} {Number(target.Pass)}", $"{sign} {Number(target.Stretch)}", Verdict(measure), Markup.Escape(measure.Detail));
        }
        AnsiConsole.Write(table);
        foreach (var (name, value) in _circumstances)
        {
            Console.WriteLine($"{name}: {value}");
        }
    }

    internal void Save(string file, bool discarded)
    {
        var results = new JsonArray([.. InOrder.Select(Json)]);
        var circumstances = new JsonObject(_circumstances.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, new JsonObject { ["discarded"] = discarded, ["circumstances"] = circumstances, ["results"] = results }
            .ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    static JsonObject Json(Measure measure) => new()
    {
        ["id"] = measure.Target.Id,
        ["name"] = measure.Target.Name,
        ["per_second"] = measure.PerSecond,
        ["baseline"] = measure.Target.Baseline,
        ["ratio"] = measure.Target.Baseline is null ? null : measure.Value,
        ["value"] = measure.Value,
        ["unit"] = measure.Target.Unit,
        ["pass"] = measure.Passes,
        ["stretch"] = measure.Stretches,
        ["pass_target"] = measure.Target.Pass,
        ["stretch_target"] = measure.Target.Stretch,
        ["title"] = measure.Target.Title,
        ["detail"] = measure.Detail,
    };

    static string Verdict(Measure measure) => measure switch
    {
        { Passes: null } => "",
        { Stretches: true } => "[green]stretch[/]",
        { Passes: true } => "[green]pass[/]",
        _ => "[red]below[/]",
    };

    static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : Math.Abs(value) >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
