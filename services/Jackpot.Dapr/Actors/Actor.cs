using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Actors;

/// <summary>
/// An actor. One turn at a time runs in one process, but an actor that is being moved can for a moment run in two: whatever must not be
/// doubled needs a fence outside the actor. State is cached for the turn, written after the turn succeeded and forgotten when it threw.
/// </summary>
public abstract class Actor
{
    /// <summary>Creates the actor.</summary>
    /// <param name="host">What the runtime gives each actor.</param>
    protected Actor(ActorHost host)
    {
        Host = host;
        StateManager = new ActorStateManager(host);
        Logger = host.LoggerFactory.CreateLogger(GetType());
    }

    /// <summary>The id.</summary>
    public ActorId Id => Host.Id;

    /// <summary>What the runtime gave this actor.</summary>
    public ActorHost Host { get; }

    /// <summary>Calls other actors.</summary>
    public IActorProxyFactory ProxyFactory => Host.ProxyFactory;

    /// <summary>The state of this actor.</summary>
    public IActorStateManager StateManager { get; }

    /// <summary>Logs under the actor's class name.</summary>
    protected ILogger Logger { get; }

    internal ActorStateManager State => (ActorStateManager)StateManager;

    internal Task ActivateAsync() => OnActivateAsync();

    internal Task DeactivateAsync() => OnDeactivateAsync();

    internal Task BeforeAsync(ActorMethodContext context) => OnPreActorMethodAsync(context);

    internal Task AfterAsync(ActorMethodContext context) => OnPostActorMethodAsync(context);

    internal Task FailedAsync(ActorMethodContext context, Exception failure) => OnActorMethodFailedAsync(context, failure);

    /// <summary>Runs before the first call. State may be read; what is changed is saved with that call.</summary>
    protected virtual Task OnActivateAsync() => Task.CompletedTask;

    /// <summary>Runs when the actor leaves this process in good order. It does not run when the process dies.</summary>
    protected virtual Task OnDeactivateAsync() => Task.CompletedTask;

    /// <summary>Runs before every method, reminder and timer.</summary>
    protected virtual Task OnPreActorMethodAsync(ActorMethodContext context) => Task.CompletedTask;

    /// <summary>Runs after every method, reminder and timer that succeeded, before the state is saved.</summary>
    protected virtual Task OnPostActorMethodAsync(ActorMethodContext context) => Task.CompletedTask;

    /// <summary>Runs after a method, reminder or timer that threw.</summary>
    protected virtual Task OnActorMethodFailedAsync(ActorMethodContext context, Exception failure) => Task.CompletedTask;

    /// <summary>Saves the state within the turn instead of at its end.</summary>
    protected Task SaveStateAsync(CancellationToken cancellationToken = default) => StateManager.SaveStateAsync(cancellationToken);

    /// <summary>Registers a durable reminder, replacing one of the same name. The actor must be <see cref="IRemindable"/>.</summary>
    /// <param name="reminderName">Name within this actor.</param>
    /// <param name="state">Bytes that come back with each tick.</param>
    /// <param name="dueTime">Until the first tick.</param>
    /// <param name="period">Between ticks; a negative one means a single tick.</param>
    /// <param name="repetitions">Ticks at most; null for no limit.</param>
    /// <param name="ttl">After this no tick fires; null for no limit.</param>
    protected async Task<IActorReminder> RegisterReminderAsync(
        string reminderName, byte[]? state, TimeSpan dueTime, TimeSpan period, int? repetitions = null, TimeSpan? ttl = null)
    {
        if (this is not IRemindable)
        {
            throw new InvalidOperationException($"Actor '{Host.ActorTypeInfo.ActorTypeName}' registers the reminder '{reminderName}' but is not {nameof(IRemindable)}.");
        }

        var reminder = new ActorReminder(reminderName, state ?? [], dueTime, period, repetitions, ttl);
        await Host.TimerManager.RegisterReminderAsync(Id, reminder);
        return reminder;
    }

    /// <summary>Reads a reminder; null when there is none of that name.</summary>
    protected Task<IActorReminder?> GetReminderAsync(string reminderName) => Host.TimerManager.GetReminderAsync(Id, reminderName);

    /// <summary>Removes a reminder; no error when there is none.</summary>
    protected Task UnregisterReminderAsync(string reminderName) => Host.TimerManager.UnregisterReminderAsync(Id, reminderName);

    /// <summary>Removes a reminder; no error when there is none.</summary>
    protected Task UnregisterReminderAsync(IActorReminder reminder) => UnregisterReminderAsync(reminder.Name);

    /// <summary>Registers a timer, which lives in the sidecar's memory and ends with the activation.</summary>
    /// <param name="timerName">Name within this actor.</param>
    /// <param name="callback">Name of a method of this class that takes nothing or a byte array, and gives back a <see cref="Task"/>.</param>
    /// <param name="callbackParams">Bytes for the callback.</param>
    /// <param name="dueTime">Until the first tick.</param>
    /// <param name="period">Between ticks; a negative one means a single tick.</param>
    /// <param name="ttl">After this no tick fires; null for no limit.</param>
    protected async Task<ActorTimer> RegisterTimerAsync(
        string timerName, string callback, byte[]? callbackParams, TimeSpan dueTime, TimeSpan period, TimeSpan? ttl = null)
    {
        if (!Host.ActorTypeInfo.HasTimerCallback(callback))
        {
            throw new MissingMethodException($"Actor '{Host.ActorTypeInfo.ActorTypeName}' has no method Task {callback}() or Task {callback}(byte[]) for the timer '{timerName}'.");
        }

        var timer = new ActorTimer(timerName, callback, callbackParams ?? [], dueTime, period, ttl);
        await Host.TimerManager.RegisterTimerAsync(Id, timer);
        return timer;
    }

    /// <summary>Removes a timer; no error when there is none.</summary>
    protected Task UnregisterTimerAsync(string timerName) => Host.TimerManager.UnregisterTimerAsync(Id, timerName);

    /// <summary>Removes a timer; no error when there is none.</summary>
    protected Task UnregisterTimerAsync(ActorTimer timer) => UnregisterTimerAsync(timer.Name);
}

/// <summary>What is running: a method, a reminder or a timer, and its name.</summary>
public sealed record ActorMethodContext(string MethodName, ActorCallType CallType);

/// <summary>What started a turn.</summary>
public enum ActorCallType
{
    /// <summary>A call from outside.</summary>
    ActorInterfaceMethod,

    /// <summary>A timer.</summary>
    TimerMethod,

    /// <summary>A reminder.</summary>
    ReminderMethod,
}
