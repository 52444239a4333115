namespace Jackpot.Ledger.Settings;

/// <summary>What this process is: bound once from configuration section <c>Shard</c>, every fault reported at once.</summary>
internal sealed class ShardOptions
{
    public const string Section = "Shard";

    public string Id { get; init; } = "";
    public string Region { get; init; } = "";
    public string RegionsPath { get; init; } = "";

    /// <summary>Actors that share this shard's jackpots; one batch is in flight per batcher. 0 gives every jackpot a batcher of its own.</summary>
    public int Batchers { get; init; } = 2;

    /// <summary>How far <c>occurred_at</c> may lie in the past; casinos resend after days.</summary>
    public TimeSpan OccurredAtPastMax { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How far <c>occurred_at</c> may lie in the future: clock skew only.</summary>
    public TimeSpan OccurredAtFutureMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Idempotency keys after which a dedupe window is closed before its day ends: its index stays small enough for the cache.</summary>
    public long DedupeWindowKeys { get; init; } = 8_000_000;

    /// <summary>Memory for filters of closed dedupe windows, 2.5 bytes per key. What does not fit is looked up in the tables instead.</summary>
    public int DedupeFilterMegabytes { get; init; } = 512;

    /// <summary>Longest time in which a read of many rows (replay, export, report, balancing) may get no further; then it is answered with a problem.</summary>
    public TimeSpan LongReadMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most rows that one statement of balancing or of a report adds up; each such page is progress of the read.</summary>
    public int LongReadPageRows { get; init; } = 100_000;

    /// <summary>How often the books are balanced without being asked.</summary>
    public TimeSpan BalancingInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often wallets are asked about what they have credited, where the region's data has that switched on.</summary>
    public TimeSpan ReconciliationInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Folder that old contributions are moved to, on storage that is backed up and all replicas see. Empty: nothing is ever moved.</summary>
    public string ArchivePath { get; init; } = "";

    /// <summary>How often days that have become old enough are moved there.</summary>
    public TimeSpan ArchiveInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Days that contributions stay in the tables; after that they are read back from the archive when asked for.</summary>
    public int ContributionsKeptDays { get; init; } = 400;

    /// <summary>
    /// The epoch is at least this. Set it one above the last after the database's files were put back from a snapshot: PostgreSQL takes that for a
    /// crash, so nothing in the database tells that it lives for the second time.
    /// </summary>
    public int EpochMin { get; init; }

    /// <summary>Base URL under which the shard's other replicas reach this one. Empty: what the server listens on.</summary>
    public string ReplicaAddress { get; init; } = "";

    public string ActorType => ActorTypeOf(Id);

    /// <summary>Shards share a Dapr namespace, so each has an actor type of its own.</summary>
    public static string ActorTypeOf(string shard) => $"JackpotActor-{shard}";

    public IEnumerable<string> Faults()
    {
        if (Id.Length == 0)
        {
            yield return "Shard:Id is empty; set Shard__Id, for example eu-mt-1";
        }

        if (Region.Length == 0)
        {
            yield return "Shard:Region is empty; set Shard__Region, for example eu-mt";
        }

        if (!Directory.Exists(RegionsPath))
        {
            yield return $"Shard:RegionsPath '{RegionsPath}' is not a folder; set Shard__RegionsPath to the folder that holds one folder per region";
        }

        if (ReplicaAddress.Length > 0 && !(Uri.TryCreate(ReplicaAddress, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp))
        {
            yield return $"Shard:ReplicaAddress '{ReplicaAddress}' is not an http URL; set Shard__ReplicaAddress to where other replicas reach this one, or leave it out";
        }

        if (Batchers is < 0 or > BatchersMax)
        {
            yield return $"Shard:Batchers is {Batchers}; it must be 0 to {BatchersMax}";
        }

        if (OccurredAtPastMax <= TimeSpan.Zero || OccurredAtFutureMax < TimeSpan.Zero || OccurredAtFutureMax > DedupeMargin)
        {
            yield return $"Shard:OccurredAtPastMax must be above zero and Shard:OccurredAtFutureMax from zero to {DedupeMargin}";
        }

        // A key that is still known must find the row that answers it.
        if (ContributionsKeptDays < ContributionsKeptDaysMin || ContributionsKeptDays <= (OccurredAtPastMax + OccurredAtFutureMax + 2 * DedupeMargin).TotalDays)
        {
            yield return $"Shard:ContributionsKeptDays must be at least {ContributionsKeptDaysMin} (a player sees a year of his history) and more than Shard:OccurredAtPastMax";
        }

        if (DedupeWindowKeys is < DedupeWindowKeysMin or > DedupeWindowKeysMax || DedupeFilterMegabytes < 0)
        {
            yield return $"Shard:DedupeWindowKeys must be {DedupeWindowKeysMin} to {DedupeWindowKeysMax} and Shard:DedupeFilterMegabytes not below zero";
        }

        if (LongReadMax <= TimeSpan.Zero || LongReadMax > LongReadLimit)
        {
            yield return $"Shard:LongReadMax is {LongReadMax}; it must be above zero and at most {LongReadLimit}";
        }

        if (LongReadPageRows < 1)
        {
            yield return $"Shard:LongReadPageRows is {LongReadPageRows}; it must be at least 1";
        }

        foreach (var (name, interval) in new[] { (nameof(BalancingInterval), BalancingInterval), (nameof(ArchiveInterval), ArchiveInterval), (nameof(ReconciliationInterval), ReconciliationInterval) })
        {
            if (interval < JobIntervalMin || interval > JobIntervalMax)
            {
                yield return $"Shard:{name} is {interval}; it must be {JobIntervalMin} to {JobIntervalMax}";
            }
        }
    }

    /// <summary>
    /// How much longer than the endpoints' own limits keys are kept: what clocks may differ by, what a request may wait between endpoint and
    /// commit, and the most that <c>occurred_at</c> may lie in the future.
    /// </summary>
    public static readonly TimeSpan DedupeMargin = TimeSpan.FromDays(1);

    const int BatchersMax = 64;
    static readonly TimeSpan LongReadLimit = TimeSpan.FromHours(12);
    const int ContributionsKeptDaysMin = 366;
    const long DedupeWindowKeysMin = 1_000;
    const long DedupeWindowKeysMax = 100_000_000;
    static readonly TimeSpan JobIntervalMin = TimeSpan.FromSeconds(1);
    static readonly TimeSpan JobIntervalMax = TimeSpan.FromDays(1);
}
