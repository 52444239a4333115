using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Core.Links;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Storage.Dedupe;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Contributions;

/// <summary>
/// Keeps what a request does to each of the jackpots it reaches, before any part is recorded: whoever repeats it gets the same parts,
/// whatever terms, links and players have become meanwhile, and a part that a crash left out is recorded then.
/// </summary>
internal sealed class FanOutPlans(NpgsqlDataSource database, JackpotDirectory jackpots, ContributionValidator validator, DedupeWindows windows, TimeProvider clock)
{
    /// <summary>Fixes the parts of every inquiry: those that were planned first, or else these.</summary>
    public async Task SettleAsync(List<Inquiry> inquiries, CancellationToken ct)
    {
        if (inquiries.Count == 0)
        {
            return;
        }

        var (plans, used) = await KeepAsync(inquiries, ct);
        foreach (var inquiry in inquiries)
        {
            if (plans.TryGetValue(inquiry.Key16, out var plan))
            {
                Follow(inquiry, plan);
            }
            else if (used.Contains(inquiry.Key16))
            {
                FollowSingle(inquiry);
            }

            GiveKeys(inquiry);
        }
    }

    /// <summary>
    /// One round trip without a flush of its own: PostgreSQL's log is in order, so no part can be durable before its plan. A plan is not
    /// kept for a key that a request to one jackpot has used, nor when no part takes the bet.
    /// </summary>
    async Task<(Dictionary<Guid, Plan> Plans, HashSet<Guid> Used)> KeepAsync(List<Inquiry> inquiries, CancellationToken ct)
    {
        var taking = inquiries.Where(inquiry => inquiry.Parts.Exists(part => part.Takes)).ToList();
        var keys = inquiries.Select(inquiry => inquiry.Key16).ToArray();
        var view = windows.Current;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'off', true)"));
        var keep = new NpgsqlBatchCommand("""
            WITH used AS MATERIALIZED (SELECT key16 FROM jp_find_keys($5, $6, $7, $8))
            INSERT INTO fan_out (key16, body16, parts, day)
            SELECT u.key16, u.body16, u.parts, $4 FROM unnest($1, $2, $3) AS u (key16, body16, parts)
            WHERE u.key16 NOT IN (SELECT key16 FROM used)
            ON CONFLICT DO NOTHING
            """)
        {
            Parameters =
            {
                Keys([.. taking.Select(inquiry => inquiry.Key16)]),
                Keys([.. taking.Select(BodyOf)]),
                new NpgsqlParameter<string[]> { TypedValue = [.. taking.Select(TextOf)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new NpgsqlParameter<DateOnly> { TypedValue = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) },
            },
        };
        StoredContributions.AddWindows(keep.Parameters, view, [.. taking.Select(inquiry => inquiry.Key16)]);
        batch.BatchCommands.Add(keep);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT key16, body16, parts FROM fan_out WHERE key16 = ANY ($1)") { Parameters = { Keys(keys) } });
        var find = new NpgsqlBatchCommand("SELECT key16 FROM jp_find_keys($1, $2, $3, $4)");
        StoredContributions.AddWindows(find.Parameters, view, keys);
        batch.BatchCommands.Add(find);
        return await ReadAsync(batch, ct);
    }

    static async Task<(Dictionary<Guid, Plan> Plans, HashSet<Guid> Used)> ReadAsync(NpgsqlBatch batch, CancellationToken ct)
    {
        var plans = new Dictionary<Guid, Plan>();
        var used = new HashSet<Guid>();
        await using var row = await batch.ExecuteReaderAsync(ct);
        await row.NextResultAsync(ct);
        while (await row.ReadAsync(ct))
        {
            plans[row.GetGuid(0)] = new Plan(row.GetGuid(1), JsonSerializer.Deserialize(row.GetString(2), FanOutJson.Default.ListPlannedPart)!);
        }

        await row.NextResultAsync(ct);
        while (await row.ReadAsync(ct))
        {
            used.Add(row.GetGuid(0));
        }

        return (plans, used);
    }

    void Follow(Inquiry inquiry, Plan plan)
    {
        if (plan.Body16 != BodyOf(inquiry))
        {
            inquiry.Refused = RefusedContribution.KeyReused;
            inquiry.Parts = [];
            return;
        }

        var (own, whole) = (inquiry.Parts, inquiry.Refused ?? RefusedContribution.Of(RecordedKind.Unavailable)!);
        inquiry.Refused = null;
        inquiry.Parts = [.. plan.Parts.Select(planned => PartOf(planned, inquiry, own, whole)).OfType<ContributionPart>()];
    }

    /// <summary>As planned; when the part could not be recorded any more, only what is stored can be its answer.</summary>
    ContributionPart? PartOf(PlannedPart planned, Inquiry inquiry, List<ContributionPart> own, RefusedContribution whole)
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
                Refused = planned.Refusal is { } refusal ? new RefusedContribution(Words.Parse<Refusal>(refusal), planned.Detail ?? "", planned.Reason) : null,
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
            Accepted = validator.Identify(inquiry.Request, jackpot, inquiry.OccurredAt),
        };
    }

    /// <summary>The key belongs to a request to one jackpot: this one, before it had links, or another.</summary>
    void FollowSingle(Inquiry inquiry)
    {
        inquiry.Parts = [];
        inquiry.Refused = RefusedContribution.KeyReused;
        if (validator.Named(inquiry.Request) is { } jackpot)
        {
            inquiry.IsFanOut = false;
            inquiry.Refused = null;
            inquiry.Parts =
            [
                new ContributionPart(jackpot)
                {
                    Kind = LinkedPartKind.Takes,
                    Refused = RefusedContribution.Of(RecordedKind.Unavailable),
                    OnlyIfStored = true,
                    Accepted = validator.Identify(inquiry.Request, jackpot, inquiry.OccurredAt),
                },
            ];
        }
    }

    /// <summary>The first part that takes the bet uses the request's own key, so that the bet cannot be recorded again by naming that jackpot alone.</summary>
    static void GiveKeys(Inquiry inquiry)
    {
        foreach (var part in inquiry.Parts.Where(part => part.Takes).Skip(1))
        {
            part.Accepted.Key16 = ContributionHash.Part(inquiry.TenantId, inquiry.Request.IdempotencyKey!, part.Jackpot.Config.Id.Value);
        }
    }

    static Guid BodyOf(Inquiry inquiry) => ContributionHash.Body(inquiry.Request, "", inquiry.OccurredAt);

    static string TextOf(Inquiry inquiry) => JsonSerializer.Serialize(
        [.. inquiry.Parts.Select(part => new PlannedPart(
            part.Jackpot.Number, part.Kind, part.Refused is null ? null : Words.Of(part.Refused.Refusal), part.Refused?.Detail, part.Refused?.Reason))],
        FanOutJson.Default.ListPlannedPart);

    static NpgsqlParameter<Guid[]> Keys(Guid[] keys) => new() { TypedValue = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    sealed record Plan(Guid Body16, List<PlannedPart> Parts);
}

/// <summary>What a request does to one jackpot, as it is kept.</summary>
internal sealed record PlannedPart(int Jackpot, LinkedPartKind Kind, string? Refusal, string? Detail, string? Reason);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(List<PlannedPart>))]
internal sealed partial class FanOutJson : JsonSerializerContext;
