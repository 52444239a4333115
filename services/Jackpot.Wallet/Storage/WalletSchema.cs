using Npgsql;

namespace Jackpot.Wallet.Storage;

/// <summary>Creates the wallet's tables at start; the wallet is not ready until that worked. A database that is still starting is waited for.</summary>
sealed partial class WalletSchema(NpgsqlDataSource database, ILogger<WalletSchema> logger) : BackgroundService
{
    static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(250);

    internal bool IsApplied { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!IsApplied)
        {
            try
            {
                await ApplyAsync(stoppingToken);
                IsApplied = true;
            }
            catch (NpgsqlException error) when (error is not PostgresException { IsTransient: false })
            {
                LogDatabaseNotReady(error.Message);
                await Task.Delay(PauseBetweenAttempts, stoppingToken);
            }
        }
    }

    async Task ApplyAsync(CancellationToken cancellation)
    {
        using var script = new StreamReader(typeof(WalletSchema).Assembly.GetManifestResourceStream("schema.sql")!);
        var sql = await script.ReadToEndAsync(cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Two wallets on one database would otherwise create the same table at the same time, which PostgreSQL refuses to one of them.
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock(hashtext('wallet_schema'));\n{sql}", connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    [LoggerMessage(2000, LogLevel.Warning, "The wallet's database is not ready yet: {Reason}")]
    partial void LogDatabaseNotReady(string reason);
}
