namespace Jackpot.Dapr.Workflows.Replay;

/// <summary>The code does something else than what the history says it did. Usually it was changed while instances were running, or it uses a clock, randomness or I/O of its own.</summary>
internal sealed class NonDeterminismException(string message) : Exception(message);
