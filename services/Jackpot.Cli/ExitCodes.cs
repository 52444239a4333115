namespace Jackpot.Cli;

static class ExitCodes
{
    internal const int Done = 0;
    internal const int Failed = 1;
    internal const int Usage = 2;
    internal const int Interrupted = 130;
}

/// <summary>A command cannot go on. The message is the one clear line that its user sees: what was set, what was seen, what to do.</summary>
sealed class CommandException(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    internal int ExitCode { get; } = exitCode;
}
