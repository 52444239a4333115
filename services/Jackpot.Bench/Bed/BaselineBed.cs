using System.Diagnostics;
using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Postgres;
using Npgsql;

namespace Jackpot.Bench.Bed;

/// <summary>
/// What the cluster is compared with: a PostgreSQL of its own under the same settings, so that neither pays for the other's checkpoints and
/// vacuums, and a web server before it.
/// </summary>
sealed class BaselineBed : IAsyncDisposable
{
    /// <summary>On a disk; /tmp is a part of the memory on some systems, where every flush is free.</summary>
    internal const string Folder = "/var/tmp";

    readonly PrivatePostgres _postgres;
    readonly Process _server;

    BaselineBed(PrivatePostgres postgres, Process server, Uri url) => (_postgres, _server, Url) = (postgres, server, url);

    /// <summary>Of the web server.</summary>
    internal Uri Url { get; }

    internal string ConnectionString => _postgres.ConnectionString;

    internal PostgresBinaries Binaries => _postgres.Binaries;

    internal static async Task<BaselineBed> StartAsync()
    {
        var postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(
            Fsync: true, Directory: Folder, Extra: ClusterSettings.All, Preload: Environment.GetEnvironmentVariable(SlowFlush.PreloadVariable)));
        await using (var connection = new NpgsqlConnection(postgres.ConnectionString))
        {
            await connection.OpenAsync();
            await ClusterSettings.CompressPagesAsync(connection);
        }
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var server = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(BaselineBed).Assembly.Location, "baseline-server", url.ToString(), postgres.ConnectionString]))!;
        return new BaselineBed(postgres, server, url);
    }

    public async ValueTask DisposeAsync()
    {
        UnixSignal.Send(_server.Id, UnixSignal.Kill);
        await _server.WaitForExitAsync();
        _server.Dispose();
        await _postgres.DisposeAsync();
    }
}
