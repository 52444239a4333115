using System.Globalization;
using Jackpot.Core.Amounts;
using Jackpot.Core.Simulation;

namespace Jackpot.Cli.Simulation;

/// <summary>How the figures are written.</summary>
enum ReportForm { Text, Json, Csv }

/// <summary>What the user of `simulate` asked for.</summary>
/// <param name="File">The jackpot's definition.</param>
/// <param name="Bets">All runs together.</param>
/// <param name="Runs">Independent runs; each begins with a new jackpot.</param>
/// <param name="Seed">Decides every bet and every draw.</param>
/// <param name="Traffic">Bet sizes and bets per hour.</param>
/// <param name="HoursPerCall">How often external pools are triggered and raffles drawn.</param>
/// <param name="BaseReturn">What the game returns without the jackpot; null when not given.</param>
/// <param name="Form">How the figures are written.</param>
sealed record SimulateOptions(
    string File, long Bets, int Runs, int Seed, TrafficProfile Traffic, int HoursPerCall, PartsPerMillion? BaseReturn, ReportForm Form)
{
    const int BetsDefault = 10_000_000;
    const int BetsPerHourDefault = 3_600;
    const int RunsDefault = 16;
    const int RunsMax = 10_000;
    const int HoursPerCallDefault = 24;
    const int HoursPerCallMax = 24 * 366;
    const int SizesMax = 100;
    const int WeightMax = 1_000_000;
    const int PpmPerPercent = 10_000;
    const int PercentDecimals = 4;

    static readonly string[] Names = ["--bets", "--runs", "--seed", "--bets-per-hour", "--stake", "--hours-per-call", "--base-rtp"];
    static readonly string[] Switches = ["--json", "--csv"];

    internal static SimulateOptions Parse(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith("--", StringComparison.Ordinal))
        {
            throw new CommandException("say which jackpot: jackpot simulate <config.json> [options]; regions/<region>/jackpots holds examples.", ExitCodes.Usage);
        }

        var arguments = Arguments.Parse(args[1..], Names, Switches);
        if (arguments.Has("--json") && arguments.Has("--csv"))
        {
            throw new CommandException("--json and --csv were both given; say one of them.", ExitCodes.Usage);
        }

        var bets = arguments.Number("--bets", 1, (int)SimulationPlan.BetsMax) ?? BetsDefault;
        return new SimulateOptions(
            args[0], bets, Math.Min(arguments.Number("--runs", 1, RunsMax) ?? RunsDefault, bets),
            arguments.Number("--seed", 0, int.MaxValue) ?? Random.Shared.Next(),
            new TrafficProfile(Sizes(arguments.Text("--stake") ?? "1.00"), arguments.Number("--bets-per-hour", 1, 1_000_000_000) ?? BetsPerHourDefault),
            arguments.Number("--hours-per-call", 1, HoursPerCallMax) ?? HoursPerCallDefault,
            BaseReturnOf(arguments.Text("--base-rtp")),
            arguments.Has("--json") ? ReportForm.Json : arguments.Has("--csv") ? ReportForm.Csv : ReportForm.Text);
    }

    /// <summary>The size of a bet on average, in micro-units.</summary>
    internal double StakeMicrosMean => Traffic.Sizes.Sum(size => (double)size.StakeMicros * size.Weight) / Traffic.Sizes.Sum(size => (double)size.Weight);

    static System.Collections.Immutable.ImmutableArray<StakeSize> Sizes(string text)
    {
        var parts = text.Split(',');
        return parts.Length <= SizesMax
            ? [.. parts.Select(Size)]
            : throw new CommandException($"--stake names {parts.Length} sizes; at most {SizesMax} are taken.", ExitCodes.Usage);
    }

    static StakeSize Size(string text)
    {
        var (amount, weight) = text.Split(':') switch
        {
            [var only] => (only, "1"),
            [var first, var second] => (first, second),
            _ => ("", ""),
        };
        return AmountText.TryParse(System.Text.Encoding.UTF8.GetBytes(amount), out var micros) == AmountParse.Ok && micros > 0
            && int.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times is > 0 and <= WeightMax
            ? new StakeSize(micros, times)
            : throw new CommandException($"--stake has '{text}'; say amounts with weights, for example 1.00:3,5.00:1 (weights are 1 to {WeightMax}).", ExitCodes.Usage);
    }

    static PartsPerMillion? BaseReturnOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is > 1 and <= 100 && decimal.Round(percent, PercentDecimals) == percent
            ? new PartsPerMillion((int)(percent * PpmPerPercent))
            : throw new CommandException($"--base-rtp is '{text}'; say percent, above 1 and up to 100 with at most {PercentDecimals} decimals, for example 94.5.", ExitCodes.Usage);
    }
}
