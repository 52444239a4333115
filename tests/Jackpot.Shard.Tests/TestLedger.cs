using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Epochs;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Leadership;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Parking;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.Ledger.Telemetry;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Sidecar;
using Jackpot.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jackpot.Shard.Tests;

/// <summary>A shard's tables with jackpots in them, and as many writers as a test wants.</summary>
internal sealed class TestLedger : IAsyncDisposable
{
    public const string Tenant = "brand-42";
    public const string Shard = "eu-mt-1";

    const long FilterBytesMax = 64 << 20;

    readonly List<BatchStore> _stores = [];
    readonly string _connectionString;

    TestLedger(string connectionString, TimeProvider clock, string shard)
    {
        _connectionString = connectionString;
        var database = NpgsqlDataSource.Create(connectionString);
        Database = database;
        Batchers = BatchDatabase.Of(connectionString);
        Election = LeaderElection.Of(connectionString);
        Loops = new LoopTools(Metrics, clock, NullLogger<HostedLoop>.Instance) { IsOutage = RowFault.IsOutage };
        Parked = new ParkedRows(database, Metrics, clock, NullLogger<ParkedRows>.Instance);
        Clock = clock;
        Directory = new JackpotDirectory(database, clock);
        Windows = new DedupeWindows(database, FilterBytesMax);
        ShardId = shard;
        Epochs = EpochsOf(new ShardOptions { Id = shard });
    }

    public NpgsqlDataSource Database { get; }

    public BatchDatabase Batchers { get; }

    public LeaderElection Election { get; }

    public ShardMetrics Metrics { get; } = new();

    public LoopTools Loops { get; }

    public ParkedRows Parked { get; }

    public TimeProvider Clock { get; }

    /// <summary>Opens every secret of this ledger, so that a test can know what players cannot.</summary>
    public CycleVault Vault { get; } = new(new byte[CycleVault.KeyBytes]);

    public JackpotDirectory Directory { get; }

    public DedupeWindows Windows { get; }

    /// <summary>What the writers of this ledger log.</summary>
    public TestLog Log { get; } = new();

    /// <summary>Whose tables these are; <see cref="Shard"/> unless told.</summary>
    public string ShardId { get; }

    public ShardEpochs Epochs { get; }

    public static async Task<TestLedger> CreateAsync(PostgresFixture postgres, TimeProvider? clock = null, string shard = Shard) =>
        await OpenAsync(await postgres.CloneDatabaseAsync("migrated", MigrateAsync), clock, shard);

    /// <summary>Does with the database, which may be empty or from an earlier version, what a shard does when it starts.</summary>
    public static async Task<TestLedger> OpenAsync(string connectionString, TimeProvider? clock = null, string shard = Shard)
    {
        var ct = TestContext.Current.CancellationToken;
        var ledger = new TestLedger(connectionString, clock ?? TimeProvider.System, shard);
        await Migrator.MigrateAsync(ledger.Database, ct);
        await ledger.Epochs.EnterAsync(ct);
        await PartitionKeeper.KeepAsync(ledger.Database, ledger.Clock, ct);
        return ledger;
    }

    /// <summary>The same tables as another replica has them: with connections, an election and a memory of its own.</summary>
    public Task<TestLedger> OpenReplicaAsync() => OpenAsync(_connectionString, Clock, ShardId);

    static async Task MigrateAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await Migrator.MigrateAsync(database, CancellationToken.None);
    }

    /// <summary>A writer with a memory of its own, as an actor activation has.</summary>
    /// <param name="replica">What another replica knows of the dedupe windows; null for this ledger's own.</param>
    public Writer NewWriter(DedupeWindows? replica = null) => new(NewLedger(replica));

    /// <inheritdoc cref="NewWriter"/>
    public BatchLedger NewLedger(DedupeWindows? replica = null)
    {
        var store = new BatchStore(Batchers, Database, Directory, new JackpotReader(Vault), replica ?? Windows, Epochs, ShardId, Clock);
        _stores.Add(store);
        return new BatchLedger(store, Vault, Clock, () => { }, Log);
    }

    public ShardEpochs EpochsOf(ShardOptions options) =>
        new(Database, new AuditLog(Clock), options, Metrics, Clock, NullLogger<ShardEpochs>.Instance);

    /// <summary>Another replica's knowledge of the dedupe windows.</summary>
    public DedupeWindows NewReplica() => new(Database, FilterBytesMax);

    /// <summary>Keeps the dedupe windows as the replica does that this knowledge belongs to; the ledger's own unless told.</summary>
    public DedupeKeeper Keeper(DedupeWindows? replica = null, ShardOptions? options = null) =>
        new(Database, replica ?? Windows, options ?? new ShardOptions(), Loops, NullLogger<DedupeKeeper>.Instance);

    /// <summary>Random trigger, so rare that it does not fall in a test.</summary>
    public static JackpotDefinition Quiet(string id) => Define(id, 1_000_000_000, new RandomTriggerDefinition(1_000_000_000_000_000_000));

    /// <summary>EUR 10 to 12, 10 % of the stake.</summary>
    public static JackpotDefinition MustDrop(string id) => Define(id, 1_000_000, new MustDropByAmountDefinition(10_000_000, 12_000_000));

    static JackpotDefinition Define(string id, long seed, TriggerDefinition trigger) =>
        new(id, "Test " + id, Shard, "EUR", [Tenant], [new PoolDefinition(id + "-main", 100_000, 25_000, seed, null, trigger)]);

    public async Task<JackpotEntry> CreateJackpotAsync(JackpotDefinition definition)
    {
        var ct = TestContext.Current.CancellationToken;
        var creation = new JackpotCreation(Database, Vault, new AuditLog(Clock), Directory, Clock);
        Assert.Equal(JackpotCreation.Result.Created, await creation.CreateAsync(
            new JackpotTerms(definition, definition.ToConfig()), new Creator("creator", "test"), ct));
        return Directory.ByJackpot(definition.JackpotId)!;
    }

    public AcceptedContribution Item(JackpotEntry jackpot, string key, long stakeMicros = 1_000_000, string player = "player-1") => new()
    {
        Jackpot = jackpot.Number,
        Key16 = ContributionHash.Key(Tenant, key),
        Id16 = ContributionHash.Key(Tenant, "c-" + key),
        Body16 = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{key} {stakeMicros} {player}"))[..16]),
        StakeMicros = stakeMicros,
        BetMicros = stakeMicros,
        BetCurrency = "EUR",
        RateNanos = 1_000_000_000,
        OccurredAtTicks = Clock.GetUtcNow().UtcTicks,
        ReceivedAtTicks = Clock.GetUtcNow().UtcTicks,
        TenantId = Tenant,
        ContributionId = "c-" + key,
        PlayerId = player,
        GameId = "game-1",
        RoundId = "round-1",
    };

    /// <summary>What a query selects, every row as text with a space between its columns.</summary>
    public async Task<List<string>> RowsAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader[column], CultureInfo.InvariantCulture))).TrimEnd());
        }

        return rows;
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Every pool balances by account and in total, every journal row's sum was checked by the table itself.</summary>
    public async Task AssertBalancedAsync() => Assert.Equal(0L, await ScalarAsync<long>("""
        SELECT count(*) FROM balancing WHERE difference <> 0 OR increment_difference <> 0 OR seed_difference <> 0
            OR reserve_difference <> 0 OR overflow_difference <> 0
        """));

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            store.Dispose();
        }

        Directory.Dispose();
        Metrics.Dispose();
        await Election.DisposeAsync();
        await Batchers.DisposeAsync();
        await Database.DisposeAsync();
    }

    public sealed class Writer(BatchLedger ledger)
    {
        public RecordedContribution[] Record(AcceptedContribution[] items, CancellationToken ct) => ledger.Record(items, ct);

        public Task<RecordedContribution[]> RecordAsync(AcceptedContribution[] items, CancellationToken ct) => Task.Run(() => Record(items, ct), ct);
    }
}
