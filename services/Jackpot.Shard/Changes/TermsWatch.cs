using System.Data.Common;
using Jackpot.Shard.Jackpots;
using Npgsql;

namespace Jackpot.Shard.Changes;

/// <summary>Follows terms that other writers put in force: tells the audit log, and shows this replica's doors the new ones.</summary>
internal sealed partial class TermsWatch(NpgsqlDataSource database, EffectTeller effects, JackpotDirectory directory, TimeProvider clock, ILogger<TermsWatch> log)
    : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Rows get their ordinal before they are committed, so a few may come after one that was seen.</summary>
    const int LateMax = 1_000;

    long _seen;

    /// <summary>One look. Safe to call from several replicas at once, and again after a crash.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await effects.TellAsync(transaction, ct);
            await transaction.CommitAsync(ct);
        }

        await ShowAsync(connection, ct);
    }

    async Task ShowAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var newer = new List<int>();
        await using (var command = new NpgsqlCommand("SELECT ordinal, jackpot, version FROM jackpot_terms WHERE ordinal > $1 ORDER BY ordinal", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _seen - LateMax });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                _seen = row.GetInt64(0);
                if (directory.ByNumber(row.GetInt32(1)) is not { } known || known.Config.Version < row.GetInt32(2))
                {
                    newer.Add(row.GetInt32(1));
                }
            }
        }

        if (newer.Count > 0)
        {
            await directory.ReloadAsync(newer, ct);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookOrLogAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    async Task LookOrLogAsync(CancellationToken ct)
    {
        try
        {
            await LookAsync(ct);
        }
        catch (DbException e)
        {
            LogLookFailed(log, e);
        }
    }

    [LoggerMessage(EventId = 640, Level = LogLevel.Warning, Message = "Terms could not be looked at; what came into force is told later")]
    static partial void LogLookFailed(ILogger logger, Exception exception);
}
