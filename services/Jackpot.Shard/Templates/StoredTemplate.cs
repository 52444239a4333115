using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Templates;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Shard.Templates;

/// <summary>A template as it was written down: a definition whose jackpot id is the template's and whose pools are named after their tier.</summary>
internal sealed record StoredTemplate(JackpotDefinition Shape)
{
    /// <summary>A jackpot of its own with these terms.</summary>
    /// <exception cref="FormatException">An id breaks its grammar or would be too long.</exception>
    public JackpotTerms Instance(string jackpotId, string name, IReadOnlyList<string> tenants) =>
        Terms(Rules.Instance(JackpotId.Parse(jackpotId), name), Shape with { Tenants = [.. tenants] });

    /// <summary>The pot of one player, fed by that player's operator alone.</summary>
    /// <exception cref="FormatException">Template and tier names leave no room for the player's hash.</exception>
    public JackpotTerms PersonalPot(Hash16 player, string tenantId) => Terms(Rules.PersonalPot(player), Shape with
    {
        Tenants = [tenantId],
        Eligibility = (Shape.Eligibility ?? new EligibilityDefinition()) with { Owner = player.ToString() },
    });

    JackpotTemplate Rules => new(Shape.ToConfig());

    // The rules name the jackpot and its pools; everything else stays as it was written.
    static JackpotTerms Terms(JackpotConfig config, JackpotDefinition shape)
    {
        var definition = shape with
        {
            JackpotId = config.Id.Value,
            Name = config.Name,
            Pools = [.. shape.Pools.Zip(config.Pools, (pool, named) => pool with { PoolId = named.Id.Value })],
        };
        return new JackpotTerms(definition, definition.ToConfig());
    }
}
