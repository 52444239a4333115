using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Dedupe;

/// <summary>A contribution that is stored already: the hash of its body, its jackpot, and the answer it was given.</summary>
internal sealed record StoredContribution(Guid Body16, int Jackpot, RecordedContribution Answer)
{
    public bool Is(in AcceptedContribution again) => Body16 == again.Body16 && Jackpot == again.Jackpot;
}

/// <summary>What a contribution may be stored under: its key, and its contribution id unless that is empty.</summary>
internal readonly record struct StoredName(Guid Key16, Guid Id16)
{
    public static StoredName Of(in AcceptedContribution contribution) => new(contribution.Key16, contribution.Id16);
}

/// <summary>Where a stored key's contribution is.</summary>
internal readonly record struct StoredKey(Guid Key16, Guid Id16, Guid Body16, int Jackpot, long Sequence, DateOnly Day);

/// <summary>What was found stored, by key and by contribution id.</summary>
internal sealed class StoredAnswers
{
    static readonly RecordedContribution KeyReused = new() { Kind = RecordedKind.KeyReused };
    static readonly RecordedContribution IdReused = new() { Kind = RecordedKind.IdReused };

    readonly Dictionary<Guid, StoredContribution> _byKey = [];
    readonly Dictionary<Guid, StoredContribution> _byId = [];

    public int Count => _byKey.Count;

    public void Add(in StoredKey key, RecordedContribution answer)
    {
        var stored = new StoredContribution(key.Body16, key.Jackpot, answer);
        _byKey.Add(key.Key16, stored);
        if (key.Id16 != Guid.Empty)
        {
            // A void that came before its bet claims the id twice, as a key and as an id.
            _byId.TryAdd(key.Id16, stored);
        }
    }

    /// <summary>The first answer again, or that the key or the contribution id was used for something else; null when neither is stored.</summary>
    public RecordedContribution? AnswerTo(in AcceptedContribution again)
    {
        if (_byKey.TryGetValue(again.Key16, out var first))
        {
            return IsAnswerTo(again, first) ? first.Answer : KeyReused;
        }

        return _byId.TryGetValue(again.Id16, out first) ? IsAnswerTo(again, first) ? first.Answer : IdReused : null;
    }

    static bool IsAnswerTo(in AcceptedContribution again, StoredContribution first) => first.Is(again) || first.Answer.Kind == RecordedKind.TakenBack;
}

/// <summary>Looks up what is stored under idempotency keys and contribution ids.</summary>
internal sealed class StoredContributions(BatchDatabase database, DedupeWindows windows)
{
    /// <summary>In place of a sequence: the key is claimed by the quarantine, and there is no contribution.</summary>
    public const long Claimed = 0;

    /// <summary>In place of a jackpot: a void claims the key, for it came before the bet.</summary>
    public const int ClaimedByVoid = 0;

    static readonly RecordedContribution Quarantined = new() { Kind = RecordedKind.Quarantined };
    static readonly RecordedContribution TakenBack = new() { Kind = RecordedKind.TakenBack };

    /// <summary>
    /// Finds which of the keys and contribution ids are stored, with what they were answered then. One that the quarantine claims has no contribution.
    /// </summary>
    /// <param name="names">The keys and ids.</param>
    /// <param name="flush">Whether what is found may be acknowledged right away; see <see cref="FlushAsync"/>.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<StoredAnswers> FindAsync(IReadOnlyCollection<StoredName> names, bool flush, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var stored = new StoredAnswers();
        foreach (var day in (await FindKeysAsync(connection, windows.Current, names, ct)).GroupBy(key => key.Day))
        {
            await AddAnswersAsync(connection, day.Key, [.. day], stored, flush, ct);
        }

        return stored;
    }

    /// <summary>
    /// Looks in the window that this process takes for the open one and in all that may have been opened since, and in closed ones where
    /// their filters do not say no.
    /// </summary>
    static async Task<List<StoredKey>> FindKeysAsync(
        NpgsqlConnection connection, DedupeWindows.View view, IReadOnlyCollection<StoredName> names, CancellationToken ct)
    {
        // Until it is released, the quarantine has what was said under a claimed key.
        await using var command = new NpgsqlCommand($"""
            SELECT d.key16, CASE WHEN d.id_is_key THEN d.key16 ELSE coalesce(d.id16, '{Guid.Empty}') END,
                   coalesce((SELECT q.body16 FROM quarantine q WHERE d.sequence = 0 AND q.key16 = d.key16), '{Guid.Empty}'), d.jackpot, d.sequence, b.day
            FROM jp_find_keys($1, $2, $3, $4, $5, $6, $7) d
            LEFT JOIN LATERAL (SELECT day FROM batch WHERE jackpot = d.jackpot AND first_sequence <= d.sequence ORDER BY first_sequence DESC LIMIT 1) b ON true
            WHERE b.day IS NOT NULL OR d.sequence = 0
            """, connection);
        AddWindows(command.Parameters, view, names);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var found = new List<StoredKey>();
        while (await rows.ReadAsync(ct))
        {
            var day = rows.IsDBNull(5) ? default : rows.GetFieldValue<DateOnly>(5);
            found.Add(new StoredKey(rows.GetGuid(0), rows.GetGuid(1), rows.GetGuid(2), rows.GetInt32(3), rows.GetInt64(4), day));
        }

        return found;
    }

    /// <summary>The seven arguments of <c>jp_find_keys</c>.</summary>
    public static void AddWindows(NpgsqlParameterCollection parameters, DedupeWindows.View view, IReadOnlyCollection<StoredName> names)
    {
        var (keys, ids) = (new HashSet<Guid>(), new HashSet<Guid>());
        foreach (var name in names)
        {
            keys.Add(name.Key16);
            if (name.Id16 != Guid.Empty)
            {
                ids.Add(name.Id16);
            }
        }

        parameters.Add(Hashes([.. keys]));
        parameters.Add(Hashes([.. ids]));
        parameters.Add(new NpgsqlParameter<int> { TypedValue = view.Open });
        AddSuspects(parameters, view, keys);
        AddSuspects(parameters, view, ids);
    }

    /// <summary>Two arguments: hashes, and the closed windows that may hold them.</summary>
    static void AddSuspects(NpgsqlParameterCollection parameters, DedupeWindows.View view, IEnumerable<Guid> hashes)
    {
        var (suspects, windows) = (new List<Guid>(), new List<int>());
        foreach (var hash in hashes)
        {
            view.AddSuspects(hash, suspects, windows);
        }

        parameters.Add(Hashes([.. suspects]));
        parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. windows], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
    }

    static NpgsqlParameter<Guid[]> Hashes(Guid[] hashes) => new() { TypedValue = hashes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    /// <summary>The day stands in the text, so that of all the days' partitions only this one is planned, locked and opened.</summary>
    static async Task AddAnswersAsync(
        NpgsqlConnection connection, DateOnly day, List<StoredKey> keys, StoredAnswers stored, bool flush, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (day == default)
        {
            keys.ForEach(key => stored.Add(key, key.Jackpot == ClaimedByVoid ? TakenBack : Quarantined));
        }
        else
        {
            batch.BatchCommands.Add(Answers(day, keys));
        }

        if (flush)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Flush.Statement));
        }

        if (batch.BatchCommands.Count == 0)
        {
            return;
        }

        await using var rows = await batch.ExecuteReaderAsync(ct);
        while (day != default && await rows.ReadAsync(ct))
        {
            stored.Add(new StoredKey(rows.GetGuid(0), rows.GetGuid(8), rows.GetGuid(1), rows.GetInt32(2), rows.GetInt64(3), day), FirstAnswer(rows));
        }

        // Only now is it certain that the flush has happened.
        while (await rows.NextResultAsync(ct))
        {
        }
    }

    static NpgsqlBatchCommand Answers(DateOnly day, List<StoredKey> keys)
    {
        var command = new NpgsqlBatchCommand($"""
            SELECT d.key16, c.body16, d.jackpot, d.sequence, c.contribution, c.amounts,
                   ARRAY(SELECT y.cycle FROM pool p JOIN cycle y ON y.pool = p.id
                         WHERE p.jackpot = d.jackpot AND y.opened_after_sequence < d.sequence
                           AND (y.dropped_at_sequence IS NULL OR y.dropped_at_sequence >= d.sequence)
                         ORDER BY p.tier),
                   ARRAY(SELECT p.tier || ' ' || a.award_id || ' ' || a.amount FROM award a JOIN pool p ON p.id = a.pool
                         WHERE a.jackpot = d.jackpot AND a.sequence = d.sequence AND a.called_by IS NULL ORDER BY p.tier),
                   d.id16
            FROM unnest($1, $2, $3, $4) AS d (key16, id16, jackpot, sequence)
            JOIN contribution c ON c.day = DATE '{day:yyyy-MM-dd}' AND c.jackpot = d.jackpot AND c.sequence = d.sequence
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.Key16)] });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.Id16)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. keys.Select(key => key.Jackpot)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. keys.Select(key => key.Sequence)] });
        return command;
    }

    static RecordedContribution FirstAnswer(NpgsqlDataReader row)
    {
        var amounts = PackedAmounts.Unpack(row.GetFieldValue<byte[]>(5));
        var cycles = row.GetFieldValue<long[]>(6);
        return new RecordedContribution
        {
            Kind = RecordedKind.Duplicate,
            Sequence = row.GetInt64(3),
            ContributionMicros = row.GetInt64(4),
            Pools = [.. cycles.Zip(amounts, (cycle, amount) => new PoolAmount(cycle, amount))],
            Awards = [.. row.GetFieldValue<string[]>(7).Select(ParseAward)],
        };
    }

    static WonAward ParseAward(string text)
    {
        var parts = text.Split(' ');
        return new WonAward(Number<int>(parts[0]), parts[1], Number<long>(parts[2]));

        static T Number<T>(string digits) where T : IParsable<T> => T.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Makes what was found fit to be acknowledged, see <see cref="Flush"/>.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = new NpgsqlCommand(Flush.Statement, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
