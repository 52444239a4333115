using System.Collections.Concurrent;
using Jackpot.Dapr.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Actors;

/// <summary>All activations in this process: finds or makes the actor, runs the turn, saves the state.</summary>
internal sealed class ActorRuntime(ActorRuntimeOptions options, IServiceScopeFactory scopes, SidecarHttp sidecar, ILoggerFactory loggers, IActorProxyFactory proxies)
    : IAsyncDisposable
{
    readonly ConcurrentDictionary<(string Type, string Id), ActiveActor> _active = new();

    public ActorRuntimeOptions Options { get; } = options;

    public int ActiveCount => _active.Count;

    public ActorTypeInformation? FindType(string name) => Options.Actors.Types.GetValueOrDefault(name);

    /// <summary>Runs one turn. State is saved after it, unless the turn was cancelled meanwhile: then another process may own the actor.</summary>
    public async Task<TResult> RunTurnAsync<TResult>(
        ActorTypeInformation type, ActorId id, ActorMethodContext context, string? chain, Func<Actor, Task<TResult>> turn, CancellationToken cancellationToken)
    {
        var (active, joined) = await EnterAsync(type, id, chain, cancellationToken);
        try
        {
            ActorReentrancy.Current = chain;
            var actor = active.Actor ?? await ActivateAsync(active);
            return joined ? await JoinAsync(actor, context, turn) : await TurnAsync(actor, context, turn, cancellationToken);
        }
        finally
        {
            ActorReentrancy.Current = null;
            if (!joined)
            {
                active.Leave();
            }
        }
    }

    /// <summary>Waits for a running turn, then lets the actor go. No error when it is not active.</summary>
    public async Task DeactivateAsync(string type, ActorId id, CancellationToken cancellationToken)
    {
        if (!_active.TryGetValue((type, id.GetId()), out var active))
        {
            return;
        }

        await active.EnterAsync(null, cancellationToken);
        try
        {
            if (!active.IsGone)
            {
                _active.TryRemove(new KeyValuePair<(string, string), ActiveActor>((type, id.GetId()), active));
                await active.DeactivateAsync();
            }
        }
        finally
        {
            active.Leave();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var active in _active.Values)
        {
            await active.DisposeAsync();
        }
    }

    static async Task<TResult> TurnAsync<TResult>(Actor actor, ActorMethodContext context, Func<Actor, Task<TResult>> turn, CancellationToken cancellationToken)
    {
        try
        {
            await actor.BeforeAsync(context);
            var result = await turn(actor);
            await actor.AfterAsync(context);
            cancellationToken.ThrowIfCancellationRequested();
            await actor.State.SaveStateAsync(cancellationToken);
            return result;
        }
        catch (Exception failure)
        {
            await actor.State.ClearCacheAsync(CancellationToken.None);
            await actor.FailedAsync(context, failure);
            throw;
        }
    }

    /// <summary>Runs inside the turn of the same chain, whose end saves what both changed.</summary>
    static async Task<TResult> JoinAsync<TResult>(Actor actor, ActorMethodContext context, Func<Actor, Task<TResult>> turn)
    {
        var before = actor.State.TakeSnapshot();
        try
        {
            await actor.BeforeAsync(context);
            var result = await turn(actor);
            await actor.AfterAsync(context);
            return result;
        }
        catch (Exception failure)
        {
            actor.State.RestoreSnapshot(before);
            await actor.FailedAsync(context, failure);
            throw;
        }
    }

    async Task<(ActiveActor Active, bool Joined)> EnterAsync(ActorTypeInformation type, ActorId id, string? chain, CancellationToken cancellationToken)
    {
        while (true)
        {
            var active = _active.GetOrAdd((type.ActorTypeName, id.GetId()), static (_, made) => new ActiveActor(made.type, made.id), (type, id));
            var joined = await active.EnterAsync(chain, cancellationToken);
            if (!active.IsGone)
            {
                return (active, joined);
            }

            if (!joined)
            {
                active.Leave();
            }
        }
    }

    async Task<Actor> ActivateAsync(ActiveActor active)
    {
        var scope = scopes.CreateAsyncScope();
        var host = new ActorHost(active.Type, active.Id, loggers, proxies, sidecar, Options.JsonSerializerOptions);
        var actor = (Actor)ActivatorUtilities.CreateInstance(scope.ServiceProvider, active.Type.ImplementationType, host);
        await active.ActivateAsync(scope, actor);
        return actor;
    }
}
