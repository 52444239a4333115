using System.Net;
using System.Net.Sockets;
using Jackpot.LocalDapr.Storage;
using Jackpot.LocalProcesses;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.LocalDapr.Tests.Storage;

public sealed class SchemaTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_server_that_does_not_answer_yet_is_asked_again()
    {
        var real = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        using var endpoint = new TcpListener(IPAddress.Loopback, 0);
        endpoint.Start();
        var relayed = HangUpTwiceThenRelayAsync(endpoint, real.Port);
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(real.ConnectionString)
        {
            Port = ((IPEndPoint)endpoint.LocalEndpoint).Port,
            Pooling = false,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        });

        await Schema.EnsureAsync(database, "CREATE TABLE made (id int)", TestContext.Current.CancellationToken);

        await using var direct = NpgsqlDataSource.Create(real.ConnectionString);
        await using var count = direct.CreateCommand("SELECT count(*) FROM made");
        Assert.Equal(0L, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        await relayed;
    }

    [Fact]
    public async Task Where_nobody_listens_nobody_is_waited_for()
    {
        await using var database = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={FreePort.Next()};Username=nobody;Database=none");
        // Sooner than the half minute that a server which is there is given.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));

        await Assert.ThrowsAsync<NpgsqlException>(() => Schema.EnsureAsync(database, "SELECT 1", deadline.Token));
    }

    static async Task HangUpTwiceThenRelayAsync(TcpListener endpoint, int port)
    {
        for (var times = 0; times < 2; times++)
        {
            (await endpoint.AcceptTcpClientAsync(TestContext.Current.CancellationToken)).Dispose();
        }
        using var client = await endpoint.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        var (near, far) = (client.GetStream(), server.GetStream());
        await Task.WhenAny(near.CopyToAsync(far, TestContext.Current.CancellationToken), far.CopyToAsync(near, TestContext.Current.CancellationToken));
    }
}
