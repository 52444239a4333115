using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Apps;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Actors;

/// <summary>The actors that are active behind one sidecar: turns, idle deactivation, moving away.</summary>
sealed partial class ActorHost(SidecarOptions sidecar, AppChannel app, TimeProvider clock, ILogger<ActorHost> logger)
{
    static readonly TimeSpan IdleScanInterval = TimeSpan.FromMilliseconds(500);

    readonly ConcurrentDictionary<ActorKey, ActiveActor> _active = new();

    public string Namespace => sidecar.Namespace;

    /// <summary>Tells replicas of one app apart in the placement table.</summary>
    public string InstanceId { get; } = $"{sidecar.AppId}@127.0.0.1:{sidecar.HttpPort}";

    public string AppId => sidecar.AppId;

    public AppConfig Config { get; set; } = AppConfig.Empty;

    public bool IsActive(ActorKey key) => _active.ContainsKey(key);

    public ActiveActor? Find(ActorKey key) => _active.GetValueOrDefault(key);

    /// <summary>The app is not told: it learns of the actor by the first turn. Null for a type that the app does not host.</summary>
    public ActiveActor? FindOrActivate(ActorKey key) => Config.ActorTypes.TryGetValue(key.Type, out var settings) ? Activate(key, settings) : null;

    public IEnumerable<(string Type, int Count)> Counts() =>
        Config.ActorTypes.Keys.Select(type => (type, _active.Keys.Count(key => key.Type == type)));

    /// <summary>Runs one turn; null when the actor was moved away while the call waited.</summary>
    /// <exception cref="ActorServiceException">The app answered something else than 200.</exception>
    public async Task<ActorAnswer?> RunTurnAsync(ActorKey key, ActorTurn turn, CancellationToken cancellation)
    {
        if (!Config.ActorTypes.TryGetValue(key.Type, out var settings))
        {
            return null;
        }
        var actor = Activate(key, settings);
        var reentrancyId = settings.Reentrant ? turn.ReentrancyId() : null;
        switch (await actor.Turns.EnterAsync(reentrancyId, settings.StackDepthMax, cancellation))
        {
            case TurnEntry.Closed:
                return null;
            case TurnEntry.TooDeep:
                throw new ActorStackDepthException();
        }
        try
        {
            actor.Touch();
            return await SendAsync(actor, turn.CreateRequest(actor, reentrancyId), cancellation);
        }
        finally
        {
            actor.Turns.Leave();
        }
    }

    /// <summary>For the fault switch: beside whatever turn is running, as a host does that lost the actor and does not know it yet.</summary>
    public async Task<ActorAnswer?> RunBesideTurnAsync(ActorKey key, ActorTurn turn, CancellationToken cancellation)
    {
        if (!Config.ActorTypes.TryGetValue(key.Type, out var settings))
        {
            return null;
        }
        var actor = Activate(key, settings);
        return await SendAsync(actor, turn.CreateRequest(actor, null), cancellation);
    }

    /// <summary>Deactivates what has been idle for too long, until cancelled.</summary>
    public async Task RunIdleScanAsync(CancellationToken cancellation)
    {
        using var pulse = new PeriodicTimer(IdleScanInterval);
        while (await pulse.WaitForNextTickAsync(cancellation))
        {
            foreach (var actor in _active.Values.Where(actor => actor.IsIdle))
            {
                await DeactivateAsync(actor, cancellation);
            }
        }
    }

    /// <summary>Lets running turns finish within the drain time, breaks them off afterwards, and deactivates.</summary>
    public Task MoveAwayAsync(Func<ActorKey, bool> isMine, CancellationToken cancellation) =>
        Task.WhenAll(_active.Values.Where(actor => !isMine(actor.Key)).Select(actor => EvictAsync(actor, cancellation)));

    ActiveActor Activate(ActorKey key, ActorTypeSettings settings) =>
        _active.GetOrAdd(key, static (key, made) => new ActiveActor(key, made.settings, made.app.BaseAddress, made.clock), (settings, app, clock));

    async Task EvictAsync(ActiveActor actor, CancellationToken cancellation)
    {
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        drain.CancelAfter(actor.Settings.DrainRebalanced ? actor.Settings.DrainTimeout : TimeSpan.Zero);
        try
        {
            if (await actor.Turns.EnterAsync(null, 1, drain.Token) == TurnEntry.Entered)
            {
                await CloseAsync(actor, cancellation);
                return;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The drain time is over. The app may go on with what it was doing: that is the double activation real Dapr allows.
            await actor.Evicted.CancelAsync();
            await CloseAsync(actor, cancellation);
        }
    }

    async Task DeactivateAsync(ActiveActor actor, CancellationToken cancellation)
    {
        if (await actor.Turns.EnterAsync(null, 1, cancellation) == TurnEntry.Entered)
        {
            if (actor.IsIdleBetweenTurns())
            {
                await CloseAsync(actor, cancellation);
            }
            else
            {
                actor.Turns.Leave();
            }
        }
    }

    async Task CloseAsync(ActiveActor actor, CancellationToken cancellation)
    {
        actor.Timers.Dispose();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, actor.Address);
            using var answer = await app.SendAsync(request, cancellation);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                LogDeactivationRefused(actor.Key.Type, actor.Key.Id, (int)answer.StatusCode);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or AppUnhealthyException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            LogDeactivationFailed(actor.Key.Type, actor.Key.Id, gone.Message);
        }
        _active.TryRemove(new KeyValuePair<ActorKey, ActiveActor>(actor.Key, actor));
        actor.Turns.Close();
    }

    async Task<ActorAnswer> SendAsync(ActiveActor actor, HttpRequestMessage request, CancellationToken cancellation)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, actor.Evicted.Token);
        using (request)
        {
            var response = await app.SendAsync(request, both.Token);
            try
            {
                var content = response.Content;
                var body = await PooledBody.ReadAsync(
                    await content.ReadAsStreamAsync(both.Token), content.Headers.ContentLength, sidecar.MaxBodySizeBytes, both.Token);
                var answer = new ActorAnswer(response, body);
                ThrowUnlessOk(answer);
                return answer;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    static void ThrowUnlessOk(ActorAnswer answer)
    {
        if (answer.Response.StatusCode == HttpStatusCode.OK || answer.Response.Headers.Contains(ActorAnswer.ErrorHeader))
        {
            return;
        }
        var text = Encoding.UTF8.GetString(answer.Body.Span);
        throw answer.Response.StatusCode == HttpStatusCode.NotFound
            ? new ActorMethodNotFoundException(text)
            : new ActorServiceException((int)answer.Response.StatusCode, text);
    }

    [LoggerMessage(1000, LogLevel.Warning, "Actor {Type}/{Id}: the app answered {Status} to its deactivation")]
    partial void LogDeactivationRefused(string type, string id, int status);

    [LoggerMessage(1001, LogLevel.Warning, "Actor {Type}/{Id}: the app could not be told of the deactivation: {Cause}")]
    partial void LogDeactivationFailed(string type, string id, string cause);
}
