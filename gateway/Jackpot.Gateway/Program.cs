using Jackpot.Gateway;
using Jackpot.Gateway.Regions;

try
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddGateway();
    var app = builder.Build();
    app.MapGateway();
    await app.RunAsync();
    return 0;
}
catch (InvalidGatewayException invalid)
{
    await Console.Error.WriteLineAsync(invalid.Message);
    return 2;
}
