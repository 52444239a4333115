using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Validation;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Jackpots;

/// <summary>Terms as somebody wrote them down: read without trust, and everything that is wrong with them at once.</summary>
internal static class DefinitionParser
{
    /// <summary>The terms under version 1, not yet looked at for faults; or why they cannot be read.</summary>
    public static Verdict<JackpotTerms> Read(string json)
    {
        try
        {
            var definition = JackpotDefinition.Parse(json);
            if (Gap(definition) is { } gap)
            {
                return new Refused(Refusal.ConfigurationInvalid, gap);
            }

            // A null where a text is needed is left out when the terms are stored, and then nobody could read them again.
            JackpotDefinition.Parse(definition.ToJson());
            return new JackpotTerms(definition, definition.ToConfig());
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return new Refused(Refusal.ConfigurationInvalid, e.Message);
        }
        catch (NotSupportedException)
        {
            return new Refused(Refusal.ConfigurationInvalid, "every 'trigger' and every part of 'community' needs a 'kind' that is known; see /openapi/v1.json");
        }
    }

    /// <summary>Empty when a jackpot of this shard may have these terms.</summary>
    public static List<string> Faults(JackpotTerms terms, string shard) =>
        [.. JackpotConfigValidator.Validate(terms.Config).Select(fault => fault.Message), .. OtherFaults(terms.Definition, shard)];

    /// <summary>What the rules' own check does not see.</summary>
    public static IEnumerable<string> OtherFaults(JackpotDefinition definition, string shard)
    {
        if (definition.Shard != shard)
        {
            yield return $"'shard' is '{definition.Shard}', but this is shard '{shard}'.";
        }

        if (definition.Tenants.IsEmpty || definition.Tenants.Any(string.IsNullOrWhiteSpace))
        {
            yield return "'tenants' must name at least one operator that feeds the jackpot, and no empty one.";
        }

        foreach (var fault in CommunityTerms.Faults(definition))
        {
            yield return fault;
        }

        foreach (var fault in ParticipationFaults.Of(definition))
        {
            yield return fault;
        }
    }

    // JSON's null fits where the type says nothing of it.
    static string? Gap(JackpotDefinition definition) => definition switch
    {
        { JackpotId: null } or { Name: null } or { Shard: null } or { Currency: null } => "'jackpot_id', 'name', 'shard' and 'currency' must be texts",
        { Tenants.IsDefault: true } => "'tenants' must be a list of operators",
        { Pools.IsDefault: true } => "'pools' must be a list of pools",
        _ when definition.Pools.Any(pool => pool is not { PoolId: not null, Trigger: not null }) => "every pool needs a 'pool_id' and a 'trigger'",
        _ => null,
    };
}
