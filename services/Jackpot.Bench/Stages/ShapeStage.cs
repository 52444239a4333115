using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;

namespace Jackpot.Bench.Stages;

/// <summary>P10, P11, P12: the same singles over many jackpots, into three tiers, and with repeats; all interleaved with P1 itself.</summary>
static class ShapeStage
{
    const string Tiers = "bench-tiers";

    internal static async Task RunAsync(BenchRun run)
    {
        var shapes = await ShapesAsync(run);
        if (shapes.Count == 0)
        {
            return;
        }
        var plain = new Series("P1 beside it");
        foreach (var shape in shapes)
        {
            run.Drive(run.Bed.Shard, shape.Source(), run.Options.WarmUpSlice);
        }
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            plain.Add(run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.ShortTime).PerSecond);
            foreach (var shape in shapes)
            {
                shape.Rates.Add(run.Drive(run.Bed.Shard, shape.Source(), run.Options.ShortTime).PerSecond);
            }
            BenchRun.Say($"round {round}: {plain.Range}, {string.Join(", ", shapes.Select(shape => shape.Rates.Range))}");
        }
        await run.Money.RequireAsync("many jackpots, tiers and duplicates");
        foreach (var shape in shapes)
        {
            run.Report.Add(shape.Id, shape.Rates.Median / plain.Median, shape.Rates.Median, $"{shape.Rates.Range}; {plain.Range}");
        }
    }

    static async Task<List<Shape>> ShapesAsync(BenchRun run)
    {
        var shapes = new List<Shape>();
        if (run.Options.Wants("P10"))
        {
            var fields = await CreateAsync(run, run.Options.ManyJackpots);
            shapes.Add(new Shape("P10", $"{fields.Length} jackpots", () => RequestSource.Singles(run.Bed.Shard, fields)));
        }
        if (run.Options.Wants("P10b"))
        {
            var fields = await CreateAsync(run, run.Options.VeryManyJackpots);
            var popularity = new Zipf(fields.Length);
            shapes.Add(new Shape("P10b", $"{fields.Length} jackpots, Zipf", () => RequestSource.Singles(run.Bed.Shard, fields, _ => popularity.Next())));
        }
        if (run.Options.Wants("P11"))
        {
            await run.Jackpots.CreateAsync([(Tiers, BenchJackpots.Rare(Tiers, tiers: 3))]);
            shapes.Add(new Shape("P11", "three tiers", () => RequestSource.Singles(run.Bed.Shard, [BenchJackpots.JackpotField(Tiers)])));
        }
        if (run.Options.Wants("P12", "P12b"))
        {
            shapes.Add(new Shape("P12", "10 % duplicates", () => Repeating(run, every: 10)));
            shapes.Add(new Shape("P12b", "50 % duplicates", () => Repeating(run, every: 2)));
        }
        return shapes;
    }

    /// <summary>Creates them through the shard's own endpoint, secrets, commitments and seeds included; those that are there already are left alone.</summary>
    internal static async Task<string[]> CreateAsync(BenchRun run, int count)
    {
        var ids = Enumerable.Range(0, count).Select(n => $"bench-many-{n}").ToArray();
        BenchRun.Say($"creating {count} jackpots");
        await run.Jackpots.CreateAsync(ids.Select(id => (id, BenchJackpots.Rare(id))));
        return [.. ids.Select(BenchJackpots.PoolField)];
    }

    /// <summary>Every n-th request says again what one two hundred requests earlier said.</summary>
    static RequestSource Repeating(BenchRun run, int every)
    {
        const int Distance = 200;
        long first = long.MaxValue;
        return RequestSource.Singles(run.Bed.Shard, [BenchJackpots.PoolField(BenchRun.Hot)], chooseId: number =>
        {
            first = Math.Min(first, number);
            return number % every == 0 && number - first > Distance ? number - Distance - 1 + (number % 2 == 0 ? 0 : 1) : number;
        });
    }

    sealed record Shape(string Id, string Name, Func<RequestSource> Source)
    {
        internal Series Rates { get; } = new(Name);
    }
}
