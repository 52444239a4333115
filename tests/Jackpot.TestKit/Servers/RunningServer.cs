namespace Jackpot.TestKit.Servers;

/// <summary>A server that runs, however it was started.</summary>
/// <param name="Address">A connection string, or what its clients call an address.</param>
/// <param name="StopAsync">Ends it and takes away what it left.</param>
public sealed record RunningServer(string Address, Func<ValueTask> StopAsync) : IAsyncDisposable
{
    /// <summary>Runs the server's own control program with these arguments, where it has one.</summary>
    public Func<string[], Task>? ControlAsync { get; init; }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => StopAsync();
}
