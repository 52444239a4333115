namespace Jackpot.Bench;

/// <summary>What the user of `./jackpot bench` asked for.</summary>
/// <param name="CliDll">The built jackpot command, which starts the cluster to be measured.</param>
/// <param name="RunDirectory">Where that cluster lives; emptied before and after.</param>
/// <param name="ResultsFile">bench/results.json.</param>
/// <param name="Quick">Tiny sizes, one round: proves that everything works, measures nothing.</param>
/// <param name="Only">Ids to measure; empty for all.</param>
/// <param name="WithSlowFlush">Measure P4 too, on a second cluster.</param>
sealed record BenchOptions(string CliDll, string RunDirectory, string ResultsFile, bool Quick, IReadOnlySet<string> Only, bool WithSlowFlush)
{
    internal int Rounds => Quick ? 1 : 3;
    internal TimeSpan RunTime => TimeSpan.FromSeconds(Quick ? 1 : 8);
    internal TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 1 : 6);
    internal int ManyJackpots => Quick ? 50 : 1_000;

    internal bool Wants(params string[] ids) => Only.Count == 0 || ids.Any(Only.Contains);

    internal static BenchOptions Parse(string[] args)
    {
        string? Value(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        var only = (Value("--only") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(id => id.ToUpperInvariant());
        return new BenchOptions(
            Value("--cli") ?? throw new ArgumentException("--cli is missing; start this program with ./jackpot bench."),
            Value("--run-dir") ?? throw new ArgumentException("--run-dir is missing; start this program with ./jackpot bench."),
            Value("--results") ?? throw new ArgumentException("--results is missing; start this program with ./jackpot bench."),
            args.Contains("--quick"), only.ToHashSet(), args.Contains("--slow-flush"));
    }
}
