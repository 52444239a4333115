using Npgsql;

namespace Jackpot.Wallet.Storage;

static class WalletStorage
{
    internal static void AddWalletStorage(this IHostApplicationBuilder builder)
    {
        var connectionString = builder.Configuration.GetConnectionString("Wallet");
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new InvalidOperationException("ConnectionStrings__Wallet is not set: name the wallet's own PostgreSQL database.");
        }
        builder.Services.AddSingleton(_ => new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 20, NoResetOnClose = true }.ConnectionString) { Name = "wallet" }.Build());
        builder.Services.AddSingleton<WalletSchema>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WalletSchema>());
    }
}
