using System.Net;
using System.Net.Sockets;
using Jackpot.Core.Eligibility;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Players;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.Shard.Tests.Jackpots;

/// <summary>What is acknowledged because it is stored already was flushed first, or is not acknowledged.</summary>
public sealed class FlushTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_was_found_stored_is_acknowledged_when_the_server_refuses_connections_before_the_flush()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var clock = new CallingClock();
        using var way = new Forwarder((await PostgresFixture.ServerAsync()).Port);
        await using var database = NpgsqlDataSource.Create(way.Through(ledger.Database.ConnectionString));
        await using var own = BatchDatabase.Of(way.Through(ledger.Database.ConnectionString));
        using var store = new BatchStore(
            own, database, ledger.Directory, new JackpotReader(ledger.Vault), ledger.Windows, ledger.Epochs, TestLedger.Shard, TimeProvider.System);
        var writer = new TestLedger.Writer(new BatchLedger(store, ledger.Vault, clock, () => { }, ledger.Log));
        var (first, other) = (ledger.Item(jackpot, "first"), ledger.Item(jackpot, "first", stakeMicros: 2_000_000));
        await writer.RecordAsync([first], Ct);
        Assert.Equal(RecordedKind.Duplicate, (await writer.RecordAsync([first], Ct))[0].Kind);

        // From now on keys are looked up first; the plan of what is new asks for the time right after that.
        clock.Called = way.Close;
        var answers = await writer.RecordAsync([first, ledger.Item(jackpot, "new"), other, first], Ct);

        Assert.All(answers, answer => Assert.Equal(RecordedKind.Unavailable, answer.Kind));
        Assert.True(way.IsClosed);
    }

    // Repeated bets, triggers and creations write something anyway (a lock, a sequence, an undone insert), so the log's end says nothing about them.
    [Theory]
    [InlineData("standing")]
    [InlineData("opt-in")]
    [InlineData("opt-out")]
    public async Task A_repetition_that_changes_nothing_writes_something_to_be_flushed(string what)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var (statuses, optIns) = (new PlayerStatusStore(ledger.Database, ledger.Clock), new OptInStore(ledger.Database, ledger.Clock));
        var player = new OptInKey(TestLedger.Tenant, "player-1", jackpot.Number);
        Func<Task> step = what switch
        {
            "standing" => () => statuses.SetAsync(TestLedger.Tenant, "player-1", PlayerStatus.SelfExcluded, Ct),
            "opt-in" => () => optIns.AddAsync(player, 1, null, Ct),
            _ => () => optIns.AddAsync(player, null, null, Ct),
        };
        await step();
        await ledger.ExecuteAsync("CHECKPOINT");

        var before = await PlaceAsync(ledger);
        await step();

        Assert.True(await PlaceAsync(ledger) > before, "Nothing was written, so nothing waited for the disk and the standby.");
    }

    static Task<decimal> PlaceAsync(TestLedger ledger) => ledger.ScalarAsync<decimal>("SELECT pg_current_wal_insert_lsn() - '0/0'");

    /// <summary>Calls somebody, once, when it is asked for the time.</summary>
    sealed class CallingClock : TimeProvider
    {
        public Action? Called { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            var called = Called;
            Called = null;
            called?.Invoke();
            return base.GetUtcNow();
        }
    }

    /// <summary>A way to the server that can be closed: what goes through it breaks, and new connections are refused.</summary>
    sealed class Forwarder : IDisposable
    {
        readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        readonly List<TcpClient> _open = [];
        readonly int _server;

        public Forwarder(int server)
        {
            _server = server;
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _ = AcceptAsync();
        }

        public bool IsClosed { get; private set; }

        int Port { get; }

        public string Through(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Port = Port }.ConnectionString;

        public void Close()
        {
            IsClosed = true;
            _listener.Stop();
            lock (_open)
            {
                _open.ForEach(client => client.Dispose());
            }
        }

        async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var (client, server) = (await _listener.AcceptTcpClientAsync(), new TcpClient());
                    await server.ConnectAsync(IPAddress.Loopback, _server);
                    lock (_open)
                    {
                        _open.AddRange([client, server]);
                    }

                    _ = PumpAsync(client, server);
                    _ = PumpAsync(server, client);
                }
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // Closed.
            }
        }

        static async Task PumpAsync(TcpClient from, TcpClient to)
        {
            try
            {
                await from.GetStream().CopyToAsync(to.GetStream());
                to.Client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception closed) when (closed is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Closed.
            }
        }

        public void Dispose()
        {
            Close();
            _listener.Dispose();
        }
    }
}
