using Npgsql;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>Which requests dropped a pool and what they were answered, so that a repeated one drops nothing. Refused requests are not kept: they may be made again.</summary>
internal static class DropAnswers
{
    public const string KeyConstraint = "trigger_call_pkey";

    public static async Task<(Guid Body16, string Answer)?> FindAsync(NpgsqlConnection connection, DropRequest request, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT body16, answer FROM trigger_call WHERE caller = $1 AND call_id = $2", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.Caller });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.RequestId });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetGuid(0), row.GetString(1)) : null;
    }

    public static async Task AddAsync(NpgsqlConnection connection, DropRequest request, string awardId, string answer, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO trigger_call (caller, call_id, body16, award_id, answer, called_at) VALUES ($1, $2, $3, $4, $5, $6)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.Caller });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.RequestId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = request.Body16 });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = awardId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = answer });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
    }
}
