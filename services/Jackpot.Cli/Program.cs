using System.Runtime.InteropServices;
using Jackpot.Cli;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopInOrder);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopInOrder);

try
{
    return await CommandTable.RunAsync(args, stop.Token);
}
catch (CommandException failure)
{
    await Console.Error.WriteLineAsync($"jackpot: {failure.Message}");
    return failure.ExitCode;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return ExitCodes.Interrupted;
}

void StopInOrder(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
