using Jackpot.ServiceDefaults.Health;
using Jackpot.ServiceDefaults.Telemetry;
using Jackpot.Wallet.Faults;
using Jackpot.Wallet.Health;
using Jackpot.Wallet.Players;
using Jackpot.Wallet.Storage;
using Jackpot.Wallet.Transactions;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.AddWalletStorage();
builder.AddTransactions();
builder.AddFaults();
builder.AddTelemetry("jackpot-wallet", TransactionCounters.MeterName);
builder.Services.AddHealthChecks().AddCheck<SchemaCheck>("schema").AddCheck<DatabaseCheck>("database", timeout: HealthEndpoints.CheckTimeout);
builder.Services.AddProblemDetails();

var app = builder.Build();
app.UseExceptionHandler();
app.MapHealth();
app.MapMetrics();
app.MapTransactions();
app.MapPlayers();
app.MapFaults();
app.Run();
