using Npgsql;

namespace Jackpot.Shard.Calls;

/// <summary>Which calls dropped a pool and what they were answered, so that a repeated one drops nothing. Refused calls are not kept: they may be made again.</summary>
internal static class CallAnswers
{
    public const string KeyConstraint = "trigger_call_pkey";

    public static async Task<(Guid Body16, string Answer)?> FindAsync(NpgsqlConnection connection, DropCall call, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT body16, answer FROM trigger_call WHERE caller = $1 AND call_id = $2", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = call.Caller });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = call.CallId });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetGuid(0), row.GetString(1)) : null;
    }

    public static async Task AddAsync(NpgsqlConnection connection, DropCall call, string awardId, string answer, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO trigger_call (caller, call_id, body16, award_id, answer, called_at) VALUES ($1, $2, $3, $4, $5, $6)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = call.Caller });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = call.CallId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = call.Body16 });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = awardId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = answer });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
    }
}
