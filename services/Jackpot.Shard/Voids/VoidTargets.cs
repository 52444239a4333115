using System.Text.Json;
using Jackpot.Core.Links;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Contributions;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Voids;

/// <summary>Where a bet is stored: once for each jackpot that it reached.</summary>
/// <param name="Places">Jackpot and sequence of each part that is stored; the one with the request's own key is the first.</param>
/// <param name="IsHeld">Whether the quarantine holds it.</param>
/// <param name="Parts">How many jackpots it was to reach.</param>
internal sealed record VoidTarget(IReadOnlyList<(JackpotEntry Jackpot, long Sequence)> Places, bool IsHeld, int Parts)
{
    public bool IsFanOut => Parts > 1;

    /// <summary>Whether every part is stored.</summary>
    public bool IsWhole { get; init; } = Places.Count >= Parts;

    public bool IsStored => Places.Count > 0;
}

/// <summary>Finds the bets that voids name, by contribution id or by key, in every window that still knows them.</summary>
internal sealed class VoidTargets(NpgsqlDataSource database, DedupeWindows windows, JackpotDirectory jackpots)
{
    public async Task<Dictionary<VoidRequest, VoidTarget>> FindAsync(IReadOnlyCollection<VoidRequest> requests, CancellationToken ct)
    {
        var names = requests.ToDictionary(request => request, request => ContributionHash.Key(request.TenantId, request.Bet));
        await using var connection = await database.OpenConnectionAsync(ct);
        var stored = await FindKeysAsync(connection, [.. names.Values], ct);
        var plans = await FindPlansAsync(connection, [.. names.Values], ct);
        var parts = names.Where(name => plans.ContainsKey(name.Value)).DistinctBy(name => name.Value)
            .ToDictionary(name => name.Value, name => PartKeys(name.Key.TenantId, plans[name.Value]));
        var storedParts = await FindKeysAsync(connection, [.. parts.Values.SelectMany(keys => keys)], ct);
        if (stored.Concat(storedParts).Any(row => row.Sequence > 0 && jackpots.ByNumber(row.Jackpot) is null))
        {
            // Founded a moment ago, by another replica.
            await jackpots.ReloadAsync(ct);
        }

        var targets = new Dictionary<VoidRequest, VoidTarget>();
        foreach (var (request, name) in names)
        {
            // A contribution id is looked at before a key: it is what the address of the endpoint means.
            var found = stored.FindAll(row => row.Id16 == name) is { Count: > 0 } byId ? byId : stored.FindAll(row => row.Key16 == name);
            var isFanOut = parts.TryGetValue(name, out var keys);
            var places = isFanOut ? [.. storedParts.Where(row => keys!.Contains(row.Key16)).OrderBy(row => keys!.IndexOf(row.Key16))] : found;
            targets.Add(request, new VoidTarget(
                [.. places.Where(row => row.Sequence > 0).Select(row => (jackpots.ByNumber(row.Jackpot)!, row.Sequence)).Distinct()],
                found.Exists(row => row is { Sequence: StoredContributions.Claimed, Jackpot: not StoredContributions.ClaimedByVoid }), keys?.Count ?? 1));
        }

        return targets;
    }

    async Task<List<(Guid Key16, Guid Id16, int Jackpot, long Sequence)>> FindKeysAsync(NpgsqlConnection connection, Guid[] names, CancellationToken ct)
    {
        var found = new List<(Guid, Guid, int, long)>();
        if (names.Length == 0)
        {
            return found;
        }

        await using var command = new NpgsqlCommand($"""
            SELECT key16, CASE WHEN id_is_key THEN key16 ELSE coalesce(id16, '{Guid.Empty}') END, jackpot, sequence
            FROM jp_find_keys($1, $2, $3, $4, $5, $6, $7) WHERE sequence >= 0
            """, connection);
        StoredContributions.AddWindows(command.Parameters, windows.Current, [.. names.Select(name => new StoredName(name, name))]);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            found.Add((row.GetGuid(0), row.GetGuid(1), row.GetInt32(2), row.GetInt64(3)));
        }

        return found;
    }

    static async Task<Dictionary<Guid, Plan>> FindPlansAsync(NpgsqlConnection connection, Guid[] names, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT key16, coalesce(id16, '{Guid.Empty}'), parts, idempotency_key FROM fan_out WHERE key16 = ANY ($1) OR id16 = ANY ($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = names, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var row = await command.ExecuteReaderAsync(ct);
        var plans = new Dictionary<Guid, Plan>();
        while (await row.ReadAsync(ct))
        {
            var plan = new Plan(
                row.GetGuid(0), [.. JsonSerializer.Deserialize(row.GetString(2), FanOutJson.Default.ListPlannedPart)!.Where(part => part.Kind == LinkedPartKind.Takes)],
                row.IsDBNull(3) ? null : row.GetString(3));
            plans[plan.Key16] = plan;
            plans[row.GetGuid(1)] = plan;
        }

        return plans;
    }

    // As FanOutPlans gives them: the first part has the request's own key.
    List<Guid> PartKeys(string tenantId, Plan plan) => plan.IdempotencyKey is not { } key
        ? [plan.Key16]
        : [plan.Key16, .. plan.Parts.Skip(1).Select(part => jackpots.ByNumber(part.Jackpot)).OfType<JackpotEntry>()
            .Select(jackpot => ContributionHash.Part(tenantId, key, jackpot.Config.Id.Value))];

    sealed record Plan(Guid Key16, List<PlannedPart> Parts, string? IdempotencyKey);
}
