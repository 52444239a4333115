using System.Text.Json;
using System.Text.Json.Nodes;
using Jackpot.Contracts.Jackpots;
using Jackpot.Contracts.Views;
using Jackpot.Core.Changes;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Shard.Changes;

/// <summary>Shows a change beside its jackpot as it stands: what has taken effect, and what waits for which pool.</summary>
internal static class ChangeViews
{
    public static ChangeView Of(StoredChange change, LoadedJackpot jackpot)
    {
        var atOnce = AtOnce(change, jackpot);
        return new ChangeView(
            change.Id, change.Before.JackpotId, StoredChange.WordOf(change.Status), change.Author, change.Why, change.DecidedBy, change.Decision,
            change.CreatedAt, change.ChangedAt, change.BeforeVersion,
            [.. TermsDiff.Of(change.Before, change.After).Select(field => Field(field, change, jackpot, atOnce))],
            JsonElement.Parse(change.Before.ToJson()), JsonElement.Parse(change.After.ToJson()));
    }

    static ChangedFieldView Field(FieldDiff field, StoredChange change, LoadedJackpot jackpot, JackpotDefinition atOnce)
    {
        var inForce = change.Status switch
        {
            ChangeStatus.Effective => true,
            ChangeStatus.Approved => Has(jackpot.Terms.Definition, field),
            _ => false,
        };
        var waits = !inForce && change.Status is ChangeStatus.Draft or ChangeStatus.Proposed or ChangeStatus.Approved && !Has(atOnce, field);
        return new ChangedFieldView(
            field.Field, Element(field.Before), Element(field.After), inForce,
            waits ? field.Pool : null, waits && field.Pool is { } pool ? CycleAfter(jackpot, pool) : null);
    }

    // What approval would put in force now. What cannot be approved takes effect nowhere.
    static JackpotDefinition AtOnce(StoredChange change, LoadedJackpot jackpot) =>
        FixedTerms.Differences(jackpot.Terms.Definition, change.After).Count > 0
            ? jackpot.Terms.Definition
            : jackpot.Terms.Meet(JackpotTerms.Of(change.After, jackpot.Terms.Version + 1), jackpot.State).Definition;

    static bool Has(JackpotDefinition terms, FieldDiff field) => JsonNode.DeepEquals(TermsDiff.Value(terms, field), field.After);

    static long? CycleAfter(LoadedJackpot jackpot, string pool) =>
        jackpot.State.Pools.FirstOrDefault(state => state.Id.Value == pool) is { } state ? state.Cycle + 1 : null;

    static JsonElement? Element(JsonNode? value) => value is null ? null : JsonElement.Parse(value.ToJsonString());
}
