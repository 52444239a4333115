using System.Globalization;

namespace Jackpot.Bench;

/// <summary>What the user of `./jackpot bench` asked for.</summary>
/// <param name="CliDll">The built jackpot command, which starts the cluster to be measured.</param>
/// <param name="RunDirectory">Where that cluster lives; emptied before and after.</param>
/// <param name="ResultsFile">bench/results.json.</param>
/// <param name="Quick">Tiny sizes, one round: proves that everything works, measures nothing.</param>
/// <param name="Only">Ids to measure; empty for all.</param>
/// <param name="WithSlowFlush">Measure P4 too, on a second cluster.</param>
/// <param name="GrowRows">Contributions to store before P13 is measured; 0 leaves P13 out.</param>
sealed record BenchOptions(string CliDll, string RunDirectory, string ResultsFile, bool Quick, IReadOnlySet<string> Only, bool WithSlowFlush, long GrowRows)
{
    internal const long GrowRowsDefault = 50_000_000;
    const int QuickMs = 400;

    internal int Rounds => Quick ? 1 : 3;

    /// <summary>Rounds of measures that look for small differences.</summary>
    internal int ManyRounds => Quick ? 1 : 5;

    /// <summary>One run of what P1 and P2 are made of.</summary>
    internal TimeSpan RunTime => Quick ? TimeSpan.FromMilliseconds(QuickMs) : TimeSpan.FromSeconds(8);

    /// <summary>One run of everything that is compared with a run beside it.</summary>
    internal TimeSpan ShortTime => Quick ? TimeSpan.FromMilliseconds(QuickMs) : TimeSpan.FromSeconds(4);

    internal TimeSpan WarmUpSlice => Quick ? TimeSpan.FromMilliseconds(QuickMs) : TimeSpan.FromSeconds(3);
    internal int WarmUpSlicesMax => Quick ? 1 : 8;
    /// <summary>Bets of one run of P22.</summary>
    internal int StreamedBets => Quick ? 500 : 20_000;

    internal int ManyJackpots => Quick ? 50 : 1_000;
    internal int VeryManyJackpots => Quick ? 200 : 10_000;

    /// <summary>More than the queue of one jackpot holds.</summary>
    internal int OverloadConnections => Quick ? 512 : 6_144;

    internal bool Wants(params string[] ids) => Only.Count == 0 || ids.Any(Only.Contains);

    internal static BenchOptions Parse(string[] args)
    {
        string? Value(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        var only = (Value("--only") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rows = Value("--grow-rows") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : args.Contains("--grow") ? GrowRowsDefault : 0;
        return new BenchOptions(
            Value("--cli") ?? throw new ArgumentException("--cli is missing; start this program with ./jackpot bench."),
            Value("--run-dir") ?? throw new ArgumentException("--run-dir is missing; start this program with ./jackpot bench."),
            Value("--results") ?? throw new ArgumentException("--results is missing; start this program with ./jackpot bench."),
            args.Contains("--quick"), only.ToHashSet(StringComparer.OrdinalIgnoreCase), args.Contains("--slow-flush"), rows);
    }
}
