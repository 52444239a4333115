using System.Text.Json.Serialization;
using Npgsql;

namespace Jackpot.Wallet.Players;

/// <summary>Tokens of players: the operator's site makes one at sign-in, and a platform asks whose it is.</summary>
static class SessionEndpoints
{
    const int TextMax = 200;

    internal static void MapSessions(this IEndpointRouteBuilder app)
    {
        app.MapPost("/wallet/authenticate", FindAsync);
        app.MapPut("/wallet-admin/sessions", KeepAsync);
    }

    static async Task<IResult> FindAsync(TokenRequest request, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT player_id, currency, jurisdiction, segments FROM wallet_session WHERE tenant_id = $1 AND player_token = $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Storable(request.TenantId) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Storable(request.PlayerToken) });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? TypedResults.Json(
                new PlayerAnswer(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetFieldValue<string[]>(3)), SessionJson.Default.PlayerAnswer)
            : TypedResults.Problem(statusCode: 403, type: "urn:jackpot:problem:unknown-token", detail: "No player of this tenant has this token.");
    }

    static async Task<IResult> KeepAsync(Session session, NpgsqlDataSource database, CancellationToken cancellation)
    {
        string?[] texts = [session.PlayerToken, session.TenantId, session.PlayerId, session.Currency, session.Jurisdiction ?? "-", .. session.Segments ?? []];
        if (!texts.All(text => text is { Length: > 0 and <= TextMax } && !text.Any(char.IsControl)) || session.Segments?.Count > 100)
        {
            return TypedResults.Problem(statusCode: 400, type: "urn:jackpot:problem:invalid-session",
                detail: $"player_token, tenant_id, player_id, currency, jurisdiction and at most 100 segments have 1 to {TextMax} characters, none of them a control character.");
        }

        await using var command = database.CreateCommand("""
            INSERT INTO wallet_session VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant_id, player_token) DO UPDATE SET player_id = $3, currency = $4, jurisdiction = $5, segments = $6
            """);
        foreach (var text in (string?[])[session.PlayerToken, session.TenantId, session.PlayerId, session.Currency, session.Jurisdiction])
        {
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        }

        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. session.Segments ?? []] });
        await command.ExecuteNonQueryAsync(cancellation);
        return TypedResults.NoContent();
    }

    // A text that holds NUL names nothing that could be stored.
    static string Storable(string? text) => text is null || text.Contains('\0', StringComparison.Ordinal) ? "" : text;
}

/// <summary>Whose token is this?</summary>
sealed record TokenRequest(string? TenantId, string? PlayerToken);

/// <summary>Who plays, as the operator knows them.</summary>
sealed record PlayerAnswer(string PlayerId, string Currency, string? Jurisdiction, IReadOnlyList<string> Segments);

/// <summary>A player who signed in.</summary>
sealed record Session(string? PlayerToken, string? TenantId, string? PlayerId, string? Currency, string? Jurisdiction, IReadOnlyList<string>? Segments);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(PlayerAnswer))]
[JsonSerializable(typeof(Session))]
sealed partial class SessionJson : JsonSerializerContext;
