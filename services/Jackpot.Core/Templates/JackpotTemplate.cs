using Jackpot.Core.Chain;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Templates;

/// <summary>Terms that many jackpots are made from. Its own ids are placeholders; its pools are named after their tier, for example <c>mini</c>.</summary>
public sealed record JackpotTemplate(JackpotConfig Shape)
{
    /// <summary>A jackpot of its own with these terms, version 1; its pools are called after it and their tier, for example <c>euro-spins-mini</c>.</summary>
    /// <exception cref="FormatException">An id would be longer than 64 characters.</exception>
    public JackpotConfig Instance(JackpotId id, string name) => Shape with
    {
        Id = id,
        Name = name,
        Version = 1,
        Pools = [.. Shape.Pools.Select(pool => pool with { Id = PoolId.Parse($"{id}-{pool.Id}") })],
    };

    /// <summary>The pot of one player (R11). Its id follows from template and player and tells nobody who that is.</summary>
    /// <param name="player">A hash of tenant and player.</param>
    /// <exception cref="FormatException">Template and tier names leave no room for 32 characters.</exception>
    public JackpotConfig PersonalPot(Hash16 player) => Instance(JackpotId.Parse($"{Shape.Id}-{player}"), Shape.Name);
}
