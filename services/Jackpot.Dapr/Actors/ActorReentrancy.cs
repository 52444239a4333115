namespace Jackpot.Dapr.Actors;

/// <summary>
/// The id of the chain of calls that is running. Dapr sends it on method calls when reentrancy is on, never on reminders and timers; the app has
/// to copy it to every call it makes in the same chain.
/// </summary>
internal static class ActorReentrancy
{
    public const string Header = "Dapr-Reentrancy-Id";

    static readonly AsyncLocal<string?> Chain = new();

    public static string? Current
    {
        get => Chain.Value;
        set => Chain.Value = value;
    }
}
