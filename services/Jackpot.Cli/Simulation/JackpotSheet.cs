using Jackpot.Core.Pools;
using Jackpot.Core.Simulation;

namespace Jackpot.Cli.Simulation;

/// <summary>All that `simulate` has to tell about a jackpot.</summary>
sealed class JackpotSheet
{
    internal JackpotSheet(JackpotConfig config, SimulateOptions options, IReadOnlyList<SimulationReport> reports)
    {
        (Config, Options) = (config, options);
        Pools = [.. Enumerable.Range(0, config.Pools.Length).Select(tier => new PoolSheet(config, tier, options, reports))];
        var jackpot = Sum(Pools.Select(pool => pool.ReturnToPlayer));
        Figures = options.BaseReturn is { } game
            ? [jackpot, jackpot with { Name = "return_with_game", Label = "with the game's own", Value = jackpot.Value + game.Value / (double)Jackpot.Core.Amounts.PartsPerMillion.Whole }]
            : [jackpot];
    }

    internal JackpotConfig Config { get; }

    internal SimulateOptions Options { get; }

    internal IReadOnlyList<PoolSheet> Pools { get; }

    /// <summary>Of all tiers together.</summary>
    internal IReadOnlyList<Figure> Figures { get; }

    // As good as its worst part. Tiers have draws of their own, so their errors add up like independent ones.
    static Figure Sum(IEnumerable<Figure> parts)
    {
        var all = parts.ToList();
        var how = all.Max(part => part.How);
        var error = Math.Sqrt(all.Sum(part => Math.Pow(part.StandardError ?? 0, 2)));
        return how == How.None
            ? Figure.Without("return_to_player", "returned to players", Unit.StakeShare, "a tier did not drop; simulate more bets")
            : new("return_to_player", "returned to players", Unit.StakeShare, how, all.Sum(part => part.Value), how == How.Simulated ? error : null);
    }
}
