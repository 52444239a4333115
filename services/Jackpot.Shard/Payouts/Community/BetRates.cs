using Jackpot.Ledger.Awards;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Payouts.Community;

/// <summary>What bets were made in, and at which rate they were counted.</summary>
internal static class BetRates
{
    /// <summary>By the bet's number in the jackpot; one in the jackpot's own currency is not among them.</summary>
    public static async Task<Dictionary<long, PlayerRate>> ReadAsync(NpgsqlConnection connection, int jackpot, IEnumerable<long> sequences, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT sequence, bet_currency, rate_nanos, rate_version FROM contribution WHERE jackpot = $1 AND sequence = ANY ($2) AND rate_version > 0", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. sequences.Distinct()], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await using var row = await command.ExecuteReaderAsync(ct);
        var rates = new Dictionary<long, PlayerRate>();
        while (await row.ReadAsync(ct))
        {
            rates[row.GetInt64(0)] = new PlayerRate(row.GetString(1), row.GetInt64(2), row.GetInt32(3));
        }

        return rates;
    }
}
