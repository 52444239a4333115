using System.Text;
using Jackpot.Dapr.Actors;

namespace Jackpot.Dapr.Tests.Actors;

public sealed record Deposit(int Amount, string Note);

public sealed record Balance(int Amount);

public interface IAccount : IActor
{
    Task<Balance> Add(Deposit deposit, CancellationToken cancellationToken);

    Task Fail(string why);

    Task<int> ReadAsync();

    Task<ReadOnlyMemory<byte>> Reverse(ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    Task Wait(CancellationToken cancellationToken);

    Task AddThenFail(int amount);

    Task Schedule();
}

/// <summary>What the actors of one test did, seen from outside.</summary>
sealed class ActorDiary
{
    public int Activations;
    public int Deactivations;
    public int Running;
    public int RunningMax;
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public TaskCompletionSource Continue { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public List<string> Ticks { get; } = [];
}

sealed class AccountActor(ActorHost host, ActorDiary diary) : Actor(host), IAccount, IRemindable
{
    public async Task<Balance> Add(Deposit deposit, CancellationToken cancellationToken)
    {
        var running = Interlocked.Increment(ref diary.Running);
        diary.RunningMax = Math.Max(diary.RunningMax, running);
        await Task.Yield();
        var amount = await StateManager.GetOrAddStateAsync("amount", 0, cancellationToken: cancellationToken);
        await StateManager.SetStateAsync("amount", amount + deposit.Amount, cancellationToken: cancellationToken);
        Interlocked.Decrement(ref diary.Running);
        return new Balance(amount + deposit.Amount);
    }

    public Task Fail(string why) => throw new InvalidOperationException(why);

    public Task<int> ReadAsync() => StateManager.GetOrAddStateAsync("amount", 0);

    public Task<ReadOnlyMemory<byte>> Reverse(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var reversed = body.ToArray();
        Array.Reverse(reversed);
        return Task.FromResult<ReadOnlyMemory<byte>>(reversed);
    }

    public async Task Wait(CancellationToken cancellationToken)
    {
        await StateManager.SetStateAsync("amount", 77, cancellationToken: CancellationToken.None);
        diary.Waiting.TrySetResult();
        await using var _ = cancellationToken.Register(() => diary.Cancelled.TrySetResult());
        await diary.Continue.Task.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
    }

    public async Task AddThenFail(int amount)
    {
        await StateManager.SetStateAsync("amount", amount);
        throw new InvalidOperationException("after the change");
    }

    public async Task Schedule()
    {
        await RegisterReminderAsync("pay", Encoding.UTF8.GetBytes("x1"), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(-1), ttl: TimeSpan.FromMinutes(1));
        await RegisterReminderAsync("repeat", null, TimeSpan.Zero, TimeSpan.FromSeconds(5), repetitions: 3);
        await RegisterTimerAsync("tick", nameof(OnTick), [1, 2, 3], TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(250));
    }

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        diary.Ticks.Add($"{reminderName}:{Encoding.UTF8.GetString(state)}");
        return reminderName == "bad" ? throw new InvalidOperationException("reminder") : Task.CompletedTask;
    }

    protected override Task OnActivateAsync()
    {
        Interlocked.Increment(ref diary.Activations);
        return Task.CompletedTask;
    }

    protected override Task OnDeactivateAsync()
    {
        Interlocked.Increment(ref diary.Deactivations);
        return Task.CompletedTask;
    }

    Task OnTick(byte[] data)
    {
        diary.Ticks.Add($"timer:{Convert.ToHexString(data)}");
        return Task.CompletedTask;
    }
}
