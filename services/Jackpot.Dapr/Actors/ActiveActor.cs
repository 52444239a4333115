using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Dapr.Actors;

/// <summary>
/// One activation of an actor with its own turn guard. The sidecar orders turns too, but a cancelled call can make it start the next one
/// while the cancelled one still runs here, so it is not relied upon.
/// </summary>
internal sealed class ActiveActor(ActorTypeInformation type, ActorId id) : IAsyncDisposable
{
    readonly SemaphoreSlim _turn = new(1, 1);
    AsyncServiceScope? _scope;
    string? _chain;

    public ActorTypeInformation Type { get; } = type;

    public ActorId Id { get; } = id;

    public Actor? Actor { get; private set; }

    /// <summary>Set within a turn; whoever gets the turn afterwards has to look for a new activation.</summary>
    public bool IsGone { get; private set; }

    /// <summary>True when the caller joined a turn of its own chain and must not end it.</summary>
    public async ValueTask<bool> EnterAsync(string? chain, CancellationToken cancellationToken)
    {
        if (chain is not null && chain == Volatile.Read(ref _chain))
        {
            return true;
        }

        await _turn.WaitAsync(cancellationToken);
        Volatile.Write(ref _chain, chain);
        return false;
    }

    public void Leave()
    {
        Volatile.Write(ref _chain, null);
        _turn.Release();
    }

    public async Task ActivateAsync(AsyncServiceScope scope, Actor actor)
    {
        try
        {
            await actor.ActivateAsync();
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }

        _scope = scope;
        Actor = actor;
    }

    public async Task DeactivateAsync()
    {
        IsGone = true;
        try
        {
            if (Actor is { } actor)
            {
                await actor.DeactivateAsync();
            }
        }
        finally
        {
            await DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        switch (Actor)
        {
            case IAsyncDisposable asynchronous:
                await asynchronous.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }

        Actor = null;
        if (_scope is { } scope)
        {
            _scope = null;
            await scope.DisposeAsync();
        }
    }
}
