using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jackpot.Core.Amounts;

namespace Jackpot.Cli.Simulation;

/// <summary>The figures for machines: all of them with how they came about and their standard error.</summary>
static class DataReport
{
    const double MicrosPerUnit = 1_000_000;

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static string Json(JackpotSheet sheet)
    {
        var options = sheet.Options;
        var report = new JsonObject
        {
            ["jackpot_id"] = sheet.Config.Id.Value,
            ["currency"] = sheet.Config.Currency.Code,
            ["bets"] = options.Bets,
            ["runs"] = options.Runs,
            ["seed"] = options.Seed,
            ["bets_per_hour"] = options.Traffic.BetsPerHour,
            ["hours_per_call"] = options.HoursPerCall,
            ["stakes"] = new JsonArray([.. options.Traffic.Sizes.Select(size => new JsonObject { ["amount"] = size.StakeMicros / MicrosPerUnit, ["weight"] = size.Weight })]),
            ["base_rtp"] = options.BaseReturn?.Value / (double)PartsPerMillion.Whole,
            ["figures"] = Figures(sheet.Figures),
            ["pools"] = new JsonArray([.. sheet.Pools.Select(Pool)]),
        };
        return report.ToJsonString(Indented) + Environment.NewLine;
    }

    internal static string Csv(JackpotSheet sheet)
    {
        var text = new StringBuilder("pool_id,figure,value,unit,how,standard_error\n");
        foreach (var (pool, figure) in sheet.Figures.Select(figure => ("", figure)).Concat(sheet.Pools.SelectMany(pool => pool.Figures.Select(figure => (pool.Pool.Id.Value, figure)))))
        {
            text.Append(CultureInfo.InvariantCulture, $"{pool},{figure.Name},{figure.Value},{Word(figure.Unit)},{Word(figure.How)},{figure.StandardError}\n");
        }

        return text.ToString();
    }

    static JsonObject Pool(PoolSheet pool) => new()
    {
        ["pool_id"] = pool.Pool.Id.Value,
        ["trigger"] = PoolSheet.TriggerWord(pool.Pool.Trigger),
        ["drops"] = pool.DropCount,
        ["figures"] = Figures(pool.Figures),
        ["drop_sizes"] = new JsonArray([.. pool.Histogram.Select(step => new JsonObject
        {
            ["from"] = step.FromMicros / MicrosPerUnit, ["to"] = step.ToMicros / MicrosPerUnit, ["drops"] = step.Count,
        })]),
    };

    static JsonObject Figures(IEnumerable<Figure> figures) =>
        new(figures.Select(figure => KeyValuePair.Create<string, JsonNode?>(figure.Name, new JsonObject
        {
            ["value"] = figure.Value,
            ["unit"] = Word(figure.Unit),
            ["how"] = Word(figure.How),
            ["standard_error"] = figure.StandardError,
            ["note"] = figure.Note,
        })));

    static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
