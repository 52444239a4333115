using System.Text.Json;
using Npgsql;

namespace Jackpot.Wallet.Transactions;

/// <summary>The wallet's books in PostgreSQL. Applying is one statement and one commit; a repeated id finds what it did the first time.</summary>
sealed class TransactionStore(NpgsqlDataSource database)
{
    const string Columns =
        "position, transaction_id, transaction_type, tenant_id, player_id, amount_micros, currency, reference, status, reason, balance_micros, applied_at, details";

    /// <summary>The stored transaction and whether it is this one (false: the id was used with another body).</summary>
    internal async Task<(TransactionListItem Stored, bool SameBody)> ApplyAsync(
        ValidTransaction transaction, string? refusal, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT {Columns}, body_hash FROM wallet_apply($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        var hash = AddFields(command, transaction);
        command.Parameters.Add(Text(refusal));
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = JsonSerializer.Serialize(transaction.Details, TransactionJson.Default.TransactionDetails), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb,
        });
        return await ReadOneAsync(command, hash, cancellation);
    }

    /// <summary>Takes it back, or keeps it from being applied; the same answer however often.</summary>
    internal async Task<(TransactionListItem Stored, bool SameBody)> CancelAsync(ValidTransaction transaction, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT {Columns}, body_hash FROM wallet_cancel($1, $2, $3, $4, $5, $6, $7, $8)");
        return await ReadOneAsync(command, AddFields(command, transaction), cancellation);
    }

    static byte[] AddFields(NpgsqlCommand command, ValidTransaction transaction)
    {
        var hash = transaction.BodyHash();
        command.Parameters.Add(Text(transaction.Id));
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = hash });
        command.Parameters.Add(Text(transaction.Type));
        command.Parameters.Add(Text(transaction.TenantId));
        command.Parameters.Add(Text(transaction.PlayerId));
        command.Parameters.Add(Text(transaction.Currency));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = transaction.AmountMicros });
        command.Parameters.Add(Text(transaction.Reference));
        return hash;
    }

    static async Task<(TransactionListItem Stored, bool SameBody)> ReadOneAsync(NpgsqlCommand command, byte[] hash, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (Read(reader), reader.GetFieldValue<byte[]>(13).AsSpan().SequenceEqual(hash));
    }

    /// <summary>What the wallet did under this id; null when it never applied it.</summary>
    internal async Task<TransactionListItem?> FindAsync(string id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM wallet_transaction WHERE transaction_id = $1");
        command.Parameters.Add(Text(id));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    internal async Task<HashSet<(string Tenant, string Player)>> ClosedPlayersAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT tenant_id, player_id FROM wallet_closed_player");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var closed = new HashSet<(string, string)>();
        while (await reader.ReadAsync(cancellation))
        {
            closed.Add((reader.GetString(0), reader.GetString(1)));
        }
        return closed;
    }

    internal async Task<List<TransactionListItem>> ListAsync(long after, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM wallet_transaction WHERE position > $1 ORDER BY position LIMIT $2");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var items = new List<TransactionListItem>();
        while (await reader.ReadAsync(cancellation))
        {
            items.Add(Read(reader));
        }
        return items;
    }

    internal async Task<long> BalanceMicrosAsync(string tenant, string player, string currency, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT balance_micros FROM wallet_balance WHERE tenant_id = $1 AND player_id = $2 AND currency = $3");
        command.Parameters.Add(Text(tenant));
        command.Parameters.Add(Text(player));
        command.Parameters.Add(Text(currency));
        return await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }

    static TransactionListItem Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), MicroAmount.FromMicros(row.GetInt64(5)),
        row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7), row.GetString(8), row.IsDBNull(9) ? null : row.GetString(9),
        MicroAmount.FromMicros(row.GetInt64(10)), row.GetFieldValue<DateTimeOffset>(11),
        row.IsDBNull(12) ? null : JsonSerializer.Deserialize(row.GetString(12), TransactionJson.Default.TransactionDetails));

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };
}
