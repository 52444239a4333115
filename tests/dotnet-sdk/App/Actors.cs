using System.Collections.Concurrent;
using System.Text;
using Dapr;
using Dapr.Actors;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;

namespace DotnetSdk.App;

/// <summary>When a reminder or timer fires.</summary>
public sealed record Plan(string Name, int DueMs, int PeriodMs, string Data = "", int? Repetitions = null)
{
    public TimeSpan Due => TimeSpan.FromMilliseconds(DueMs);

    /// <summary>The SDK takes a negative period for none.</summary>
    public TimeSpan Period => TimeSpan.FromMilliseconds(PeriodMs);
}

public interface ICounter : IActor
{
    Task<int> AddAsync(int by);

    Task<int> ReadAsync();

    Task<int> SlowAddAsync(int by);

    Task AddAndFailAsync(int by);

    Task<Order> EchoAsync(Order order);

    Task<string> StateAsync();

    Task<int> AddAtAsync(string otherId);

    Task SleepAsync(int milliseconds, CancellationToken cancellationToken = default);

    Task RemindAsync(Plan plan);

    Task<bool> HasReminderAsync(string name);

    Task ForgetAsync(string name);

    Task StartTimerAsync(Plan plan);

    Task StopTimerAsync(string name);
}

public interface IReentrant : IActor
{
    Task<int> DownAsync(int depth);
}

/// <summary>What happened to actors, kept outside of them: the checks and the actors live in one process.</summary>
static class ActorDiary
{
    static readonly ConcurrentQueue<(string Id, string What)> Entries = new();

    public static void Write(ActorId id, string what) => Entries.Enqueue((id.GetId(), what));

    public static int Count(ActorId id, string what) => Entries.Count(entry => entry.Id == id.GetId() && entry.What == what);
}

[Actor(TypeName = TypeName)]
sealed class CounterActor(ActorHost host) : Actor(host), ICounter, IRemindable
{
    public const string TypeName = "SdkCounter";
    const string Count = "count";

    public Task<int> AddAsync(int by) => StateManager.AddOrUpdateStateAsync(Count, by, (_, count) => count + by);

    public Task<int> ReadAsync() => StateManager.GetOrAddStateAsync(Count, 0);

    public async Task<int> SlowAddAsync(int by)
    {
        var count = await ReadAsync();
        await Task.Delay(20);
        await StateManager.SetStateAsync(Count, count + by);
        return count + by;
    }

    public async Task AddAndFailAsync(int by)
    {
        await AddAsync(by);
        throw new InvalidOperationException("failed on purpose");
    }

    public Task<Order> EchoAsync(Order order) => Task.FromResult(order with { Amount = order.Amount + 1 });

    /// <summary>One walk through the state manager; what is missing from the text went wrong.</summary>
    public async Task<string> StateAsync()
    {
        var steps = new List<string>();
        steps.Add((await StateManager.TryGetStateAsync<string>("walk")).HasValue ? "there" : "missing");
        steps.Add(await StateManager.TryAddStateAsync("walk", "one") ? "added" : "not added");
        steps.Add(await StateManager.TryAddStateAsync("walk", "two") ? "added" : "not added");
        await StateManager.SaveStateAsync();
        await StateManager.ClearCacheAsync();
        steps.Add(await StateManager.GetStateAsync<string>("walk"));
        await StateManager.SetStateAsync("walk", "three");
        steps.Add(await StateManager.GetStateAsync<string>("walk"));
        steps.Add(await StateManager.ContainsStateAsync("walk") ? "contained" : "not contained");
        steps.Add(await StateManager.TryRemoveStateAsync("walk") ? "removed" : "not removed");
        await StateManager.SaveStateAsync();
        await StateManager.ClearCacheAsync();
        steps.Add(await StateManager.ContainsStateAsync("walk") ? "contained" : "not contained");
        return string.Join(", ", steps);
    }

    public Task<int> AddAtAsync(string otherId) =>
        ActorProxy.Create<ICounter>(new ActorId(otherId), TypeName, new ActorProxyOptions { UseJsonSerialization = true }).AddAsync(1);

    public Task SleepAsync(int milliseconds, CancellationToken cancellationToken = default) => Task.Delay(milliseconds, cancellationToken);

    public Task RemindAsync(Plan plan) => plan.Repetitions is { } times
        ? RegisterReminderAsync(plan.Name, Encoding.UTF8.GetBytes(plan.Data), plan.Due, plan.Period, times)
        : RegisterReminderAsync(plan.Name, Encoding.UTF8.GetBytes(plan.Data), plan.Due, plan.Period);

    /// <summary>The SDK turns the sidecar's 404 into an exception.</summary>
    public async Task<bool> HasReminderAsync(string name)
    {
        try
        {
            return await GetReminderAsync(name) is not null;
        }
        catch (DaprApiException unknown) when (unknown.ErrorCode == "ERR_ACTOR_REMINDER_NOT_FOUND")
        {
            return false;
        }
    }

    public Task ForgetAsync(string name) => UnregisterReminderAsync(name);

    public Task StartTimerAsync(Plan plan) => RegisterTimerAsync(plan.Name, nameof(OnTimerAsync), Encoding.UTF8.GetBytes(plan.Data), plan.Due, plan.Period);

    public Task StopTimerAsync(string name) => UnregisterTimerAsync(name);

    public Task OnTimerAsync(byte[] data)
    {
        ActorDiary.Write(Id, "timer " + Encoding.UTF8.GetString(data));
        return Task.CompletedTask;
    }

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        var data = Encoding.UTF8.GetString(state ?? []);
        ActorDiary.Write(Id, $"reminder {reminderName} {data}");
        return data == "fail once" && ActorDiary.Count(Id, $"reminder {reminderName} {data}") == 1 ? throw new InvalidOperationException("failed on purpose") : Task.CompletedTask;
    }

    protected override Task OnActivateAsync()
    {
        ActorDiary.Write(Id, "activated");
        return Task.CompletedTask;
    }

    protected override Task OnActorMethodFailedAsync(ActorMethodContext actorMethodContext, Exception e)
    {
        ActorDiary.Write(Id, "failed " + actorMethodContext.MethodName);
        return Task.CompletedTask;
    }
}

[Actor(TypeName = TypeName)]
sealed class ReentrantActor(ActorHost host) : Actor(host), IReentrant
{
    public const string TypeName = "SdkReentrant";

    public async Task<int> DownAsync(int depth) =>
        depth == 0 ? 0 : 1 + await ProxyFactory.CreateActorProxy<IReentrant>(Id, TypeName, new ActorProxyOptions { UseJsonSerialization = true }).DownAsync(depth - 1);
}

public interface IIdle : IActor
{
    Task<int> AddAsync(int by);
}

[Actor(TypeName = TypeName)]
sealed class IdleActor(ActorHost host) : Actor(host), IIdle
{
    public const string TypeName = "SdkIdle";

    public Task<int> AddAsync(int by) => StateManager.AddOrUpdateStateAsync("count", by, (_, count) => count + by);

    protected override Task OnActivateAsync()
    {
        ActorDiary.Write(Id, "activated");
        return Task.CompletedTask;
    }

    protected override Task OnDeactivateAsync()
    {
        ActorDiary.Write(Id, "deactivated");
        return Task.CompletedTask;
    }
}
