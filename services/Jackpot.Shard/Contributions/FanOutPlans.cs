using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Core.Links;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Problems;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Contributions;

/// <summary>
/// Keeps what a request does to each of the jackpots it reaches, before any part is recorded: whoever repeats it gets the same parts,
/// whatever terms, links and players have become meanwhile, and a part that a crash left out is recorded then.
/// </summary>
internal sealed class FanOutPlans(NpgsqlDataSource database, JackpotDirectory jackpots, ContributionValidator validator, DedupeWindows windows, TimeProvider clock)
{
    /// <summary>Fixes the parts of every routing: those that were planned first, or else these.</summary>
    public async Task SettleAsync(List<ContributionRouting> routings, CancellationToken ct)
    {
        if (routings.Count == 0)
        {
            return;
        }

        var known = await KeepAsync(routings, ct);
        foreach (var routing in routings)
        {
            var key = routing.Request.IdempotencyKey!;
            if (known.PlanOf(routing) is { } plan)
            {
                Follow(routing, plan);
                key = plan.IdempotencyKey ?? key;
            }
            else if (known.ReusedBySingle(routing) is { } reused)
            {
                FollowSingle(routing, reused);
            }

            GiveKeys(routing, key);
        }
    }

    /// <summary>
    /// Names that a void claims which came before its bet (jackpot 0) count as free. One round trip without a flush of its own: PostgreSQL's log is in order, so no part can be durable before its plan. A plan is not
    /// kept for a key that a request to one jackpot has used, nor when no part takes the bet.
    /// </summary>
    async Task<Known> KeepAsync(List<ContributionRouting> routings, CancellationToken ct)
    {
        var taking = routings.Where(routing => routing.Parts.Exists(part => part.Takes)).ToList();
        var view = windows.Current;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'off', true)"));
        var keep = new NpgsqlBatchCommand("""
            WITH used AS MATERIALIZED (SELECT * FROM jp_find_keys($7, $8, $9, $10, $11, $12, $13) WHERE jackpot <> 0)
            INSERT INTO fan_out (key16, body16, parts, id16, idempotency_key, day)
            SELECT u.key16, u.body16, u.parts, u.id16, u.idempotency_key, $6
            FROM unnest($1, $2, $3, $4, $5) AS u (key16, body16, parts, id16, idempotency_key)
            WHERE NOT EXISTS (SELECT FROM used d WHERE d.key16 = u.key16 OR d.id16 = u.id16 OR (d.key16 = u.id16 AND d.id_is_key))
            ON CONFLICT DO NOTHING
            """)
        {
            Parameters =
            {
                Hashes([.. taking.Select(routing => routing.Key16)]),
                Hashes([.. taking.Select(BodyOf)]),
                Texts([.. taking.Select(TextOf)]),
                Hashes([.. taking.Select(routing => routing.Id16)]),
                Texts([.. taking.Select(routing => routing.Request.IdempotencyKey!)]),
                new NpgsqlParameter<DateOnly> { TypedValue = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) },
            },
        };
        StoredContributions.AddWindows(keep.Parameters, view, [.. taking.Select(NameOf)]);
        batch.BatchCommands.Add(keep);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"SELECT key16, coalesce(id16, '{Guid.Empty}'), body16, parts, idempotency_key FROM fan_out WHERE key16 = ANY ($1) OR id16 = ANY ($2)")
        {
            Parameters = { Hashes([.. routings.Select(routing => routing.Key16)]), Hashes([.. routings.Select(routing => routing.Id16)]) },
        });
        var find = new NpgsqlBatchCommand(
            $"SELECT key16, CASE WHEN id_is_key THEN key16 ELSE coalesce(id16, '{Guid.Empty}') END FROM jp_find_keys($1, $2, $3, $4, $5, $6, $7) WHERE jackpot <> 0");
        StoredContributions.AddWindows(find.Parameters, view, [.. routings.Select(NameOf)]);
        batch.BatchCommands.Add(find);
        return await Known.ReadAsync(batch, ct);
    }

    void Follow(ContributionRouting routing, Plan plan)
    {
        if (plan.Body16 != BodyOf(routing))
        {
            routing.Refused = plan.Key16 == routing.Key16 ? RefusedContribution.KeyReused : RefusedContribution.IdReused;
            routing.Parts = [];
            return;
        }

        var (own, whole) = (routing.Parts, routing.Refused ?? RefusedContribution.Of(RecordedKind.Unavailable)!);
        routing.Refused = null;
        routing.Parts = [.. plan.Parts.Select(planned => PartOf(planned, routing, own, whole)).OfType<ContributionPart>()];
    }

    /// <summary>As planned; when the part could not be recorded any more, only what is stored can be its answer.</summary>
    ContributionPart? PartOf(PlannedPart planned, ContributionRouting routing, List<ContributionPart> own, RefusedContribution whole)
    {
        if (jackpots.ByNumber(planned.Jackpot) is not { } jackpot)
        {
            return null;
        }

        if (planned.Kind != LinkedPartKind.Takes)
        {
            return new ContributionPart(jackpot)
            {
                Kind = planned.Kind,
                Refused = planned.Refusal is { } refusal ? new RefusedContribution(WireNames.Parse<Refusal>(refusal), planned.Detail ?? "", planned.Reason) : null,
            };
        }

        var known = own.Find(part => part.Jackpot.Number == planned.Jackpot);
        if (known is { Takes: true })
        {
            return known;
        }

        return new ContributionPart(jackpot)
        {
            Kind = LinkedPartKind.Takes,
            Refused = known?.Refused ?? whole,
            OnlyIfStored = true,
            Accepted = validator.Identify(routing.Request, jackpot, routing.OccurredAt),
        };
    }

    /// <summary>The key or the contribution id belongs to a request to one jackpot: this one, before it had links, or another.</summary>
    void FollowSingle(ContributionRouting routing, RefusedContribution reused)
    {
        routing.Parts = [];
        routing.Refused = reused;
        if (validator.Named(routing.Request) is { } jackpot)
        {
            routing.IsFanOut = false;
            routing.Refused = null;
            routing.Parts =
            [
                new ContributionPart(jackpot)
                {
                    Kind = LinkedPartKind.Takes,
                    Refused = RefusedContribution.Of(RecordedKind.Unavailable),
                    OnlyIfStored = true,
                    Accepted = validator.Identify(routing.Request, jackpot, routing.OccurredAt),
                },
            ];
        }
    }

    /// <summary>
    /// The first part that takes the bet uses the request's own key and contribution id, so that the bet cannot be recorded again by naming
    /// that jackpot alone. A request that repeats the id under another key finds its parts under the first one's keys.
    /// </summary>
    static void GiveKeys(ContributionRouting routing, string idempotencyKey)
    {
        var isFirst = true;
        foreach (var part in routing.Parts.Where(part => part.Takes))
        {
            part.Accepted.Key16 = isFirst
                ? ContributionHash.Key(routing.TenantId, idempotencyKey)
                : ContributionHash.Part(routing.TenantId, idempotencyKey, part.Jackpot.Config.Id.Value);
            part.Accepted.Id16 = isFirst ? routing.Id16 : Guid.Empty;
            isFirst = false;
        }
    }

    static Guid BodyOf(ContributionRouting routing) => ContributionHash.Body(routing.Request, "", routing.OccurredAt);

    static string TextOf(ContributionRouting routing) => JsonSerializer.Serialize(
        [.. routing.Parts.Select(part => new PlannedPart(
            part.Jackpot.Number, part.Kind, part.Refused is null ? null : WireNames.Of(part.Refused.Refusal), part.Refused?.Detail, part.Refused?.Reason))],
        FanOutJson.Default.ListPlannedPart);

    static StoredName NameOf(ContributionRouting routing) => new(routing.Key16, routing.Id16);

    static NpgsqlParameter<Guid[]> Hashes(Guid[] hashes) => new() { TypedValue = hashes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    static NpgsqlParameter<string[]> Texts(string[] texts) => new() { TypedValue = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    /// <param name="Key16">Of the request that was planned first.</param>
    /// <param name="Body16">Of that request.</param>
    /// <param name="Parts">What it does.</param>
    /// <param name="IdempotencyKey">The text behind the key; null for plans from before it was kept, which are found by that key alone.</param>
    sealed record Plan(Guid Key16, Guid Body16, List<PlannedPart> Parts, string? IdempotencyKey);

    /// <summary>What is known of keys and contribution ids, after what is new was kept.</summary>
    sealed class Known
    {
        readonly Dictionary<Guid, Plan> _plansByKey = [];
        readonly Dictionary<Guid, Plan> _plansById = [];
        readonly HashSet<Guid> _usedKeys = [];
        readonly HashSet<Guid> _usedIds = [];

        public Plan? PlanOf(ContributionRouting routing) => _plansByKey.GetValueOrDefault(routing.Key16) ?? _plansById.GetValueOrDefault(routing.Id16);

        /// <summary>What a request to one jackpot has used of these: the key, or else the contribution id; null when it is neither.</summary>
        public RefusedContribution? ReusedBySingle(ContributionRouting routing) =>
            _usedKeys.Contains(routing.Key16) ? RefusedContribution.KeyReused : _usedIds.Contains(routing.Id16) ? RefusedContribution.IdReused : null;

        public static async Task<Known> ReadAsync(NpgsqlBatch batch, CancellationToken ct)
        {
            var known = new Known();
            await using var row = await batch.ExecuteReaderAsync(ct);
            await row.NextResultAsync(ct);
            while (await row.ReadAsync(ct))
            {
                var parts = JsonSerializer.Deserialize(row.GetString(3), FanOutJson.Default.ListPlannedPart)!;
                var plan = new Plan(row.GetGuid(0), row.GetGuid(2), parts, row.IsDBNull(4) ? null : row.GetString(4));
                known._plansByKey[plan.Key16] = plan;
                known._plansById[row.GetGuid(1)] = plan;
            }

            await row.NextResultAsync(ct);
            while (await row.ReadAsync(ct))
            {
                known._usedKeys.Add(row.GetGuid(0));
                known._usedIds.Add(row.GetGuid(1));
            }

            return known;
        }
    }
}

/// <summary>What a request does to one jackpot, as it is kept.</summary>
internal sealed record PlannedPart(int Jackpot, LinkedPartKind Kind, string? Refusal, string? Detail, string? Reason);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(List<PlannedPart>))]
internal sealed partial class FanOutJson : JsonSerializerContext;
