using Jackpot.LocalDapr.Apps;

namespace Jackpot.LocalDapr.Actors;

/// <summary>An actor that is active behind one sidecar.</summary>
sealed class ActiveActor(ActorKey key, ActorTypeSettings settings, string appAddress, TimeProvider clock) : IDisposable
{
    long _lastTurnStarted = clock.GetTimestamp();

    public ActorKey Key => key;

    public ActorTypeSettings Settings => settings;

    /// <summary>The app's address of this actor: <c>…/actors/{type}/{id}</c>.</summary>
    public string Address { get; } = $"{appAddress}/actors/{Uri.EscapeDataString(key.Type)}/{Uri.EscapeDataString(key.Id)}";

    public TurnQueue Turns { get; } = new();

    public ActorTimers Timers { get; } = new();

    /// <summary>Fires when the drain time is over: running requests to the app are then broken off, as real Dapr does.</summary>
    public CancellationTokenSource Evicted { get; } = new();

    public void Touch() => Volatile.Write(ref _lastTurnStarted, clock.GetTimestamp());

    public bool IsIdle => IsIdleBetweenTurns() && !Turns.IsBusy;

    /// <summary>Asked again by whoever holds the turn, because a call may have come in between.</summary>
    public bool IsIdleBetweenTurns() => clock.GetElapsedTime(Volatile.Read(ref _lastTurnStarted)) >= settings.IdleTimeout;

    public void Dispose()
    {
        Timers.Dispose();
        Evicted.Dispose();
    }
}
