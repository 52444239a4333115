namespace Jackpot.LocalDapr.Components;

/// <summary>A mistake in a file the operator wrote: file, line and reason in one line. The process ends with code 2.</summary>
sealed class ResourceFault(string file, long line, string reason) : Exception($"{file}:{line}: {reason}");
