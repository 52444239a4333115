namespace Jackpot.Dapr.Actors;

/// <summary>
/// Marks an interface whose methods can be called through the sidecar. A method gives back a <see cref="Task"/> or
/// <see cref="Task{TResult}"/> and takes at most one argument and a <see cref="CancellationToken"/>. Argument and result travel as JSON, except
/// for a method from <see cref="ReadOnlyMemory{T}"/> of bytes to the same, whose bytes travel as they are.
/// </summary>
#pragma warning disable CA1040 // The mark is the contract: it says which interfaces of a class are remote.
public interface IActor;
#pragma warning restore CA1040

/// <summary>An actor that takes reminders.</summary>
public interface IRemindable
{
    /// <summary>A reminder fired. It fires at least once per tick; an exception lets Dapr try again as the reminder's failure policy says.</summary>
    /// <param name="reminderName">Name it was registered with.</param>
    /// <param name="state">Bytes it was registered with; empty when there were none.</param>
    /// <param name="dueTime">As registered; zero when the sidecar does not tell, which is so for Dapr 1.15 and later.</param>
    /// <param name="period">As registered; zero when the sidecar does not tell.</param>
    Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period);
}
