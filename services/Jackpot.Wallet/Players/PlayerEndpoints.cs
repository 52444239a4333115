using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Jackpot.Wallet.Players;

/// <summary>Closing and opening a player's account, as the operator's own staff would.</summary>
static class PlayerEndpoints
{
    const int IdLengthMax = 200;

    internal static void MapPlayers(this IEndpointRouteBuilder app)
    {
        const string Close = "INSERT INTO wallet_closed_player VALUES ($1, $2) ON CONFLICT DO NOTHING";
        const string Open = "DELETE FROM wallet_closed_player WHERE tenant_id = $1 AND player_id = $2";
        app.MapPut("/wallet-admin/players/{tenant}/{player}/closed", (string tenant, string player, NpgsqlDataSource database, CancellationToken cancellation) =>
            ChangeAsync(database, Close, tenant, player, cancellation));
        app.MapDelete("/wallet-admin/players/{tenant}/{player}/closed", (string tenant, string player, NpgsqlDataSource database, CancellationToken cancellation) =>
            ChangeAsync(database, Open, tenant, player, cancellation));
        // For ids that cannot be said in a path.
        app.MapPut("/wallet-admin/players/closed", (ClosedPlayer closed, NpgsqlDataSource database, CancellationToken cancellation) =>
            ChangeAsync(database, Close, closed.TenantId, closed.PlayerId, cancellation));
        app.MapDelete("/wallet-admin/players/closed", ([FromQuery(Name = "tenant_id")] string tenant, [FromQuery(Name = "player_id")] string player, NpgsqlDataSource database, CancellationToken cancellation) =>
            ChangeAsync(database, Open, tenant, player, cancellation));
    }

    static bool IsId(string? id) => id is { Length: > 0 and <= IdLengthMax } && !id.Any(char.IsControl);

    static async Task<IResult> ChangeAsync(NpgsqlDataSource database, string sql, string? tenant, string? player, CancellationToken cancellation)
    {
        if (!IsId(tenant) || !IsId(player))
        {
            return TypedResults.Problem(statusCode: 400, type: "urn:jackpot:problem:invalid-player",
                detail: $"tenant_id and player_id have 1 to {IdLengthMax} characters, none of them a control character.");
        }
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant! });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = player! });
        await command.ExecuteNonQueryAsync(cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>Whose account is closed.</summary>
sealed record ClosedPlayer(string? TenantId, string? PlayerId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClosedPlayer))]
sealed partial class PlayerJson : JsonSerializerContext;
