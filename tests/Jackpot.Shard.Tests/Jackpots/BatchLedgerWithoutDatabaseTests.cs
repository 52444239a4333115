using System.Net;
using System.Net.Sockets;
using System.Text;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Epochs;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.Ledger.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jackpot.Shard.Tests.Jackpots;

public sealed class BatchLedgerWithoutDatabaseTests
{
    [Fact]
    public async Task A_server_that_is_recovering_is_asked_once_a_batch()
    {
        using var server = new RecoveringServer();
        await using var database = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={server.Port};Username=u;SSL Mode=Disable;GSS Encryption Mode=Disable");
        using var directory = new JackpotDirectory(database, TimeProvider.System);
        var vault = new CycleVault(new byte[CycleVault.KeyBytes]);
        await using var own = new BatchDatabase(database);
        using var metrics = new ShardMetrics();
        var epochs = new ShardEpochs(
            database, new AuditLog(TimeProvider.System), new ShardOptions { Id = TestLedger.Shard }, metrics, TimeProvider.System, NullLogger<ShardEpochs>.Instance);
        using var store = new BatchStore(
            own, database, directory, new JackpotReader(vault), new DedupeWindows(database, filterBytesMax: 1), epochs, TestLedger.Shard, TimeProvider.System);
        var ledger = new BatchLedger(store, vault, TimeProvider.System, () => { }, new TestLog());

        var answers = await Task.Run(() => ledger.Record(new AcceptedContribution[1], TestContext.Current.CancellationToken));

        Assert.Equal(RecordedKind.Unavailable, Assert.Single(answers).Kind);
        Assert.Equal(1, server.Asked);
    }

    /// <summary>Answers every connection as PostgreSQL does while it replays its log.</summary>
    sealed class RecoveringServer : IDisposable
    {
        static readonly byte[] Refusal = Message("SFATAL\0VFATAL\0C57P03\0Mthe database system is not yet accepting connections\0\0");

        readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        int _asked;

        public RecoveringServer()
        {
            _listener.Start();
            _ = AnswerAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Asked => Volatile.Read(ref _asked);

        async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _asked);
                    await client.GetStream().ReadAtLeastAsync(new byte[1024], minimumBytes: 1);
                    await client.GetStream().WriteAsync(Refusal);
                }
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }

        static byte[] Message(string fields) => [(byte)'E', 0, 0, 0, (byte)(sizeof(int) + fields.Length), .. Encoding.ASCII.GetBytes(fields)];

        public void Dispose() => _listener.Dispose();
    }
}
