using Jackpot.Bench;
using Jackpot.Bench.Baselines;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Measures;
using Jackpot.Bench.Stages;

if (args is ["baseline-server", var url, var connectionString])
{
    await BaselineServer.RunAsync(url, connectionString);
    return 0;
}

try
{
    return await BenchProgram.RunAsync(BenchOptions.Parse(args));
}
catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
{
    await Console.Error.WriteLineAsync($"jackpot bench: {failure.Message}");
    return 1;
}
