namespace Jackpot.Ledger.Batching;

/// <summary>What the ledger of batches tells.</summary>
internal static partial class BatchLog
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "Another activation moved a jackpot on (attempt {Attempt}); reading again")]
    public static partial void FenceLost(ILogger logger, int attempt);

    [LoggerMessage(EventId = 204, Level = LogLevel.Error, Message = "{Items} items of a batch are not recorded after {Attempts} tries, each of which PostgreSQL refused ({Said}); their senders ask again")]
    public static partial void GivenUp(ILogger logger, int items, int attempts, string said);

    [LoggerMessage(EventId = 205, Level = LogLevel.Warning, Message = "A bet of tenant {Tenant} is claimed by a void that does not wait for it; unless it was recorded meanwhile it cannot be, look into void_waiting")]
    public static partial void ClaimUnexplained(ILogger logger, string tenant);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "Commit in doubt (attempt {Attempt}); looking what was stored")]
    public static partial void CommitInDoubt(ILogger logger, int attempt, Exception exception);

    [LoggerMessage(EventId = 202, Level = LogLevel.Error, Message = "The rules could not decide for jackpot number {Jackpot}")]
    public static partial void RulesFailed(ILogger logger, int jackpot, Exception exception);

    [LoggerMessage(EventId = 203, Level = LogLevel.Error, Message = "A partition was missing and is made now ({Said}); look why the partition keeper did not")]
    public static partial void PartitionMissing(ILogger logger, string said);
}
