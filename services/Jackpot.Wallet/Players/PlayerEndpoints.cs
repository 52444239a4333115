using Npgsql;

namespace Jackpot.Wallet.Players;

/// <summary>Closing and opening a player's account, as the operator's own staff would.</summary>
static class PlayerEndpoints
{
    internal static void MapPlayers(this IEndpointRouteBuilder app)
    {
        app.MapPut("/wallet-admin/players/{tenant}/{player}/closed", (string tenant, string player, NpgsqlDataSource database, CancellationToken cancellation) =>
            ChangeAsync(database, "INSERT INTO wallet_closed_player VALUES ($1, $2) ON CONFLICT DO NOTHING", tenant, player, cancellation));
        app.MapDelete("/wallet-admin/players/{tenant}/{player}/closed", (string tenant, string player, NpgsqlDataSource database, CancellationToken cancellation) =>
            ChangeAsync(database, "DELETE FROM wallet_closed_player WHERE tenant_id = $1 AND player_id = $2", tenant, player, cancellation));
    }

    static async Task<IResult> ChangeAsync(NpgsqlDataSource database, string sql, string tenant, string player, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = player });
        await command.ExecuteNonQueryAsync(cancellation);
        return TypedResults.NoContent();
    }
}
