using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Postgres;
using Jackpot.LocalProcesses.Programs;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.Cli.Tests.Postgres;

public sealed class PrivatePostgresTests
{
    public PrivatePostgresTests() => Needs.Program(NeededProgram.PostgreSql);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Committed_rows_survive_kill_9_and_a_restart_on_the_same_port()
    {
        await using var postgres = await PrivatePostgres.StartAsync(cancellation: Cancellation);
        var database = await postgres.CreateDatabaseAsync(cancellation: Cancellation);
        await RunAsync(database, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");
        var (port, firstPid) = (postgres.Port, postgres.ProcessId);

        await postgres.KillAsync(Cancellation);
        Assert.False(UnixSignal.IsAlive(firstPid));
        await postgres.RestartAsync(Cancellation);

        Assert.Equal(port, postgres.Port);
        Assert.NotEqual(firstPid, postgres.ProcessId);
        Assert.Equal(42, await RunAsync(database, "SELECT n FROM kept"));
    }

    [Fact]
    public async Task Disposal_leaves_neither_process_nor_files()
    {
        var postgres = await PrivatePostgres.StartAsync(cancellation: Cancellation);
        var pid = postgres.ProcessId;
        Assert.True(UnixSignal.IsAlive(pid));

        await postgres.DisposeAsync();

        Assert.False(UnixSignal.IsAlive(pid));
        Assert.False(Directory.Exists(postgres.DataDirectory));
    }

    [Fact]
    public async Task A_wrong_setting_is_reported_in_the_servers_own_words()
    {
        var wrong = new PrivatePostgresOptions(Extra: ["shared_buffers=nonsense"]);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => PrivatePostgres.StartAsync(wrong, Cancellation));
        Assert.Contains("shared_buffers", error.Message, StringComparison.Ordinal);
    }

    static async Task<object?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
