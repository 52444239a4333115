using Npgsql;

namespace Jackpot.Ledger.Storage;

/// <summary>
/// The connections that batchers commit on and keys are looked up on. Their statements are few, always the same and find rows by key alone, so that one plan of each
/// fits every batch. Left to itself PostgreSQL plans some of them anew each time, which was a tenth of its work, and reads all jackpots to
/// find the few of a batch.
/// </summary>
internal sealed class BatchDatabase(NpgsqlDataSource database) : IAsyncDisposable
{
    const string OnePlanByKey = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off";

    /// <summary>Longest that one commit may take. Whatever waits for its answer gives up not much later.</summary>
    const int CommitSecondsMax = 15;

    public static BatchDatabase Of(string connectionString) => new(new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connectionString)
    {
        Options = OnePlanByKey,
        CommandTimeout = CommitSecondsMax,
    }.ConnectionString) { Name = "batches" }.Build());

    public NpgsqlConnection Open() => database.OpenConnection();

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken ct) => database.OpenConnectionAsync(ct);

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
