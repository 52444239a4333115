using System.Diagnostics;
using Npgsql;

namespace Jackpot.LocalProcesses.Postgres;

/// <summary>
/// A PostgreSQL server of one's own: a temporary data directory, a free port on 127.0.0.1, no password.
/// It is stopped and deleted when disposed, and stopped also when the process that started it dies.
/// </summary>
/// <remarks>
/// Durability: commits reach the operating system before they are acknowledged (so kill -9 of PostgreSQL loses nothing),
/// but with <see cref="PrivatePostgresOptions.Fsync"/> off they do not reach the disk, which only a power cut would show.
/// </remarks>
public sealed class PrivatePostgres : IAsyncDisposable
{
    internal const string User = "jackpot";
    static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(20);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(15);

    readonly PostgresBinaries _binaries;
    readonly PrivatePostgresOptions _options;
    Process? _guard;
    int _databases;

    PrivatePostgres(PostgresBinaries binaries, PrivatePostgresOptions options)
    {
        _binaries = binaries;
        _options = options;
        Port = FreePort.Next();
        DataDirectory = Path.Combine(options.Directory ?? Path.GetTempPath(), $"jackpot-postgres-{Environment.ProcessId}-{Guid.NewGuid():N}");
    }

    /// <summary>Port on 127.0.0.1; the same after a restart.</summary>
    public int Port { get; }

    /// <summary>The cluster's files; owned by the account that PostgreSQL runs as.</summary>
    public string DataDirectory { get; }

    /// <summary>Process id of the postmaster; 0 while it is down.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The installation that it runs from.</summary>
    public PostgresBinaries Binaries => _binaries;

    /// <summary>Connection string of the database "postgres".</summary>
    public string ConnectionString => ConnectionStringFor("postgres");

    /// <summary>Starts a cluster and waits until it answers queries. Throws when no PostgreSQL 15 or newer is installed.</summary>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions? options = null, CancellationToken cancellation = default)
    {
        var postgres = new PrivatePostgres(PostgresBinaries.FindRequired(), options ?? new PrivatePostgresOptions());
        try
        {
            var template = await PostgresTemplate.GetAsync(postgres._binaries, cancellation);
            await PostgresAccount.RequireAsync(["cp", "-a", "--reflink=auto", template, postgres.DataDirectory], cancellation);
            await postgres.LaunchAsync(cancellation);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connection string of one database of this cluster.</summary>
    public string ConnectionStringFor(string database) =>
        $"Host=127.0.0.1;Port={Port};Username={User};Database={database};Timeout=5;Include Error Detail=true";

    /// <summary>Creates a database, empty or as a copy of one that nobody is connected to, and answers its connection string; without a name it gets one of its own.</summary>
    public async Task<string> CreateDatabaseAsync(string? name = null, string template = "template1", CancellationToken cancellation = default)
    {
        name ??= $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand($"CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        return ConnectionStringFor(name);
    }

    /// <summary>kill -9 of the postmaster; what was committed is found again after <see cref="RestartAsync"/>.</summary>
    public async Task KillAsync(CancellationToken cancellation = default)
    {
        UnixSignal.Send(ProcessId, UnixSignal.Kill);
        await GoneAsync(cancellation);
    }

    /// <summary>Orderly stop (PostgreSQL's fast shutdown).</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (ProcessId != 0)
        {
            UnixSignal.Send(ProcessId, UnixSignal.Interrupt);
            await GoneAsync(cancellation);
        }
    }

    /// <summary>Stops it if it still runs, starts it again on the same port and waits until it answers queries.</summary>
    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        await StopAsync(cancellation);
        await LaunchAsync(cancellation);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (ProcessId != 0)
        {
            UnixSignal.Send(ProcessId, UnixSignal.Quit);
            await GoneAsync(CancellationToken.None);
        }
        await PostgresAccount.RequireAsync(["rm", "-rf", DataDirectory], CancellationToken.None);
    }

    async Task LaunchAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        string lastWords;
        // After kill -9 the orphaned backends hold the shared memory for a moment, and a start then fails: that is what the loop is for.
        do
        {
            StartGuard();
            var pid = await _guard!.StandardOutput.ReadLineAsync(cancellation);
            ProcessId = int.Parse(pid ?? throw new InvalidOperationException("PostgreSQL's guard ended before it started the server."));
            if (await AnswersAsync(clock, cancellation))
            {
                return;
            }
            ProcessId = 0;
            lastWords = await ReleaseGuardAsync();
        }
        while (clock.Elapsed < StartDeadline && IsStillHeld(lastWords));
        throw new InvalidOperationException($"PostgreSQL did not start on port {Port} within {StartDeadline.TotalSeconds} s. It said: {lastWords.Trim()}");
    }

    static bool IsStillHeld(string lastWords) =>
        lastWords.Contains("shared memory block", StringComparison.Ordinal) || lastWords.Contains("lock file", StringComparison.Ordinal);

    /// <summary>
    /// The guard is a shell that holds the other end of a pipe. A line through it ends the server; an end without a line means
    /// that the test program itself is gone, and then the files go too.
    /// </summary>
    void StartGuard()
    {
        const string Script = """
            data=$1; shift
            "$@" </dev/null >"$data/server.log" 2>&1 &
            echo $!
            read -r released
            kill -QUIT $! 2>/dev/null
            wait $!
            tail -n 5 "$data/server.log" >&2
            [ -n "$released" ] || rm -rf "$data"
            """;
        string[] server =
        [
            .. _options.Preload is { } library ? (string[])["env", $"LD_PRELOAD={library}"] : [],
            _binaries.Program("postgres"), "-D", DataDirectory, "-p", $"{Port}", "-h", "127.0.0.1", "-k", "",
            .. _options.Settings.SelectMany(setting => (string[])["-c", setting])
        ];
        var start = PostgresAccount.Command("sh", ["-c", Script, "guard", DataDirectory, .. server]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        _guard = Process.Start(start);
    }

    async Task<bool> AnswersAsync(Stopwatch clock, CancellationToken cancellation)
    {
        while (clock.Elapsed < StartDeadline && UnixSignal.IsAlive(ProcessId))
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
                await connection.OpenAsync(cancellation);
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(PollInterval, cancellation);
            }
        }
        return false;
    }

    /// <summary>Ends the guard, and the server if it still runs; answers the end of the server's log.</summary>
    async Task<string> ReleaseGuardAsync()
    {
        if (_guard is null)
        {
            return "";
        }
        await _guard.StandardInput.WriteLineAsync("released");
        await _guard.StandardInput.FlushAsync();
        var lastWords = await _guard.StandardError.ReadToEndAsync();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
        _guard = null;
        return lastWords;
    }

    async Task GoneAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (UnixSignal.IsAlive(ProcessId))
        {
            if (clock.Elapsed > StopDeadline)
            {
                UnixSignal.Send(ProcessId, UnixSignal.Kill);
            }
            await Task.Delay(PollInterval, cancellation);
        }
        ProcessId = 0;
        await ReleaseGuardAsync();
        // Pooled connections to a dead server would fail the next command of whoever draws them.
        NpgsqlConnection.ClearAllPools();
    }
}

/// <summary>How a private cluster is set up.</summary>
/// <param name="Fsync">On for measurements; off is quicker and loses nothing to a kill, only to a power cut.</param>
/// <param name="Directory">Parent of the data directory; the system's temporary folder by default.</param>
/// <param name="Extra">More settings, "name=value".</param>
/// <param name="Preload">A shared object to put in front of the server's C library, and of nobody else's.</param>
public sealed record PrivatePostgresOptions(bool Fsync = false, string? Directory = null, IReadOnlyList<string>? Extra = null, string? Preload = null)
{
    internal IEnumerable<string> Settings =>
    [
        .. Fsync ? Array.Empty<string>() : ["fsync=off", "full_page_writes=off"],
        "max_connections=300", "unix_socket_directories=", "logging_collector=off", .. Extra ?? []
    ];
}
