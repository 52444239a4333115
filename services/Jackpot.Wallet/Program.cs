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
builder.Services.AddProblemDetails();

var app = builder.Build();
app.UseExceptionHandler();
app.MapHealth();
app.MapTransactions();
app.MapPlayers();
app.MapFaults();
app.Run();
