using Jackpot.Wallet;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddWallet();

var app = builder.Build();
app.MapWallet();
app.Run();
