using Jackpot.ServiceDefaults.Health;
using Jackpot.ServiceDefaults.Telemetry;
using Jackpot.Wallet.Faults;
using Jackpot.Wallet.Health;
using Jackpot.Wallet.Players;
using Jackpot.Wallet.Requests;
using Jackpot.Wallet.Storage;
using Jackpot.Wallet.Transactions;

namespace Jackpot.Wallet;

/// <summary>What the program is made of. Tests open the same endpoints in process.</summary>
static class WalletApp
{
    internal static void AddWallet(this WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddWalletStorage();
        builder.AddTransactions();
        builder.AddFaults();
        builder.AddTelemetry("jackpot-wallet", TransactionCounters.MeterName);
        builder.Services.AddHealthChecks().AddCheck<SchemaCheck>("schema").AddCheck<DatabaseCheck>("database", timeout: HealthEndpoints.CheckTimeout);
        builder.Services.AddProblemDetails();
    }

    internal static void MapWallet(this WebApplication app)
    {
        app.UseSignatures();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRequestGate();
        app.MapHealth();
        app.MapMetrics();
        app.MapTransactions();
        app.MapPlayers();
        app.MapSessions();
        app.MapFaults();
    }
}
