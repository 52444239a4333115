using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Pools;
using Jackpot.Core.Voids;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Voids;

/// <summary>A bet that is to be taken back, as it is stored.</summary>
/// <param name="Bet">As the rules see it.</param>
/// <param name="Awards">What it won.</param>
internal sealed record StoredBet(
    VoidableBet Bet, long ContributionMicros, string Currency, string TenantId, string ContributionId, string GameId, DateOnly Day, DateTimeOffset ReceivedAt, string[] Awards);

/// <summary>A void that is stored already.</summary>
internal sealed record StoredVoid(Guid Body16, VoidRecord Record);

/// <summary>Reads, under the jackpot's lock, what a step of voids is decided on. Every statement reads by index alone.</summary>
internal sealed class VoidStepRows(NpgsqlConnection connection, LoadedJackpot jackpot)
{
    /// <summary>What is stored under the voids' own keys: as voids of this jackpot, or as voids that came before their bet.</summary>
    public async Task<Dictionary<Guid, StoredVoid>> StoredAsync(DedupeWindows.View windows, IReadOnlyCollection<Guid> keys, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        var find = new NpgsqlBatchCommand("""
            SELECT d.key16, v.body16, v.number, v.bet, v.bet_currency, v.contribution, v.carried, v.awards
            FROM jp_find_keys($1, $2, $3, $4, $5, $6, $7) d JOIN void v ON v.jackpot = d.jackpot AND v.number = -d.sequence
            """);
        StoredContributions.AddWindows(find.Parameters, windows, [.. keys.Select(key => new StoredName(key, Guid.Empty))]);
        batch.BatchCommands.Add(find);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT key16, body16, coalesce(currency, '') FROM void_waiting WHERE key16 = ANY ($1) AND met_at IS NOT NULL")
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [.. keys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid } },
        });
        var stored = new Dictionary<Guid, StoredVoid>();
        await using var row = await batch.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            stored[row.GetGuid(0)] = new StoredVoid(row.GetGuid(1), new VoidRecord(
                VoidResult.Voided, row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetInt64(5), row.GetInt64(6), row.GetFieldValue<string[]>(7)));
        }

        await row.NextResultAsync(ct);
        while (await row.ReadAsync(ct))
        {
            stored[row.GetGuid(0)] = new StoredVoid(row.GetGuid(1), new VoidRecord(VoidResult.Voided, 0, 0, row.GetString(2), 0, 0, []));
        }

        return stored;
    }

    /// <summary>The bets of these sequences; those that there are none of, or whose rows are in the archive, are left out.</summary>
    public async Task<Dictionary<long, StoredBet>> BetsAsync(IReadOnlyCollection<long> sequences, CancellationToken ct)
    {
        var terms = new Dictionary<int, JackpotConfig> { [jackpot.Terms.Version] = jackpot.Config };
        var found = await ReadBetsAsync(sequences, ct);
        await ReadTermsAsync([.. found.Select(one => one.Version).Where(version => !terms.ContainsKey(version)).Distinct()], terms, ct);
        return found.ToDictionary(one => one.Sequence, one => one.With(terms[one.Version]));
    }

    async Task<List<Row>> ReadBetsAsync(IReadOnlyCollection<long> sequences, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT c.sequence, b.config_version, c.stake, c.bet, coalesce(v.bet, 0), c.contribution, c.bet_currency, c.tenant_id, c.contribution_id, c.game_id,
                   c.day, c.received_at, ARRAY(SELECT a.award_id FROM award a WHERE a.jackpot = $1 AND a.sequence = c.sequence AND a.called_by IS NULL), c.funding
            FROM unnest($2) AS u (sequence)
            CROSS JOIN LATERAL (SELECT config_version, day FROM batch WHERE jackpot = $1 AND first_sequence <= u.sequence ORDER BY first_sequence DESC LIMIT 1) b
            CROSS JOIN LATERAL (SELECT * FROM contribution c WHERE c.day = b.day AND c.jackpot = $1 AND c.sequence = u.sequence) c
            LEFT JOIN LATERAL (SELECT sum(bet)::bigint AS bet FROM void WHERE jackpot = $1 AND sequence = u.sequence) v ON true
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Number });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. sequences], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await using var row = await command.ExecuteReaderAsync(ct);
        var bets = new List<Row>();
        while (await row.ReadAsync(ct))
        {
            var (sequence, version, stake, bet, voided) = (row.GetInt64(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));
            var (contribution, currency, tenant, id, game) = (row.GetInt64(5), row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9));
            var (day, received, awards) = (row.GetFieldValue<DateOnly>(10), row.GetFieldValue<DateTimeOffset>(11), row.GetFieldValue<string[]>(12));
            var funding = (BetFunding)row.GetInt16(13);
            bets.Add(new Row(sequence, version, config => new StoredBet(
                new VoidableBet(sequence, stake, bet, config, voided, funding), contribution, currency, tenant, id, game, day, received, awards)));
        }

        return bets;
    }

    async Task ReadTermsAsync(int[] versions, Dictionary<int, JackpotConfig> terms, CancellationToken ct)
    {
        if (versions.Length == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand("SELECT version, definition FROM jackpot_terms WHERE jackpot = $1 AND version = ANY ($2)", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Number });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = versions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            terms.Add(row.GetInt32(0), JackpotTerms.Of(JackpotDefinition.Parse(row.GetString(1)), row.GetInt32(0)).Config);
        }
    }

    /// <summary>The number of the jackpot's last void; zero before the first.</summary>
    public async Task<long> LastNumberAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT first_number + count - 1 FROM void_step WHERE jackpot = $1 ORDER BY first_number DESC LIMIT 1", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Number });
        return (long?)await command.ExecuteScalarAsync(ct) ?? 0;
    }

    sealed record Row(long Sequence, int Version, Func<JackpotConfig, StoredBet> With);
}
