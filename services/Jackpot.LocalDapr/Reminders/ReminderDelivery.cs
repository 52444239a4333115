using Jackpot.LocalDapr.Actors;
using Jackpot.LocalDapr.Apps;
using Jackpot.LocalDapr.Schedules;

namespace Jackpot.LocalDapr.Reminders;

/// <summary>Delivers a reminder's tick as a turn of its actor, wherever that is placed at the moment.</summary>
sealed partial class ReminderDelivery(Placement placement, ILogger<ReminderDelivery> logger)
{
    public async Task<TickResult> DeliverAsync(ScheduleEntry entry, CancellationToken cancellation)
    {
        var key = new ActorKey(entry.Key.Owner, entry.Key.Subject);
        try
        {
            if (await placement.OwnerAsync(entry.Key.Namespace, key, cancellation) is not { } owner)
            {
                return TickResult.Undeliverable;
            }
            using var answer = await owner.RunTurnAsync(key, new FiringTurn("remind", entry.Key.Name, FiringRequest.ReminderBody(entry.Data)), cancellation);
            return answer is null ? TickResult.Undeliverable : TickResult.Done;
        }
        catch (AppUnhealthyException)
        {
            return TickResult.Undeliverable;
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogReminderFailed(key.Type, key.Id, entry.Key.Name, failed.Message);
            return TickResult.Failed;
        }
    }

    [LoggerMessage(1300, LogLevel.Warning, "Reminder {Type}/{Id}/{Name} failed: {Cause}")]
    partial void LogReminderFailed(string type, string id, string name, string cause);
}
