using System.Collections.Concurrent;
using Npgsql;

namespace Jackpot.LocalDapr.Storage;

/// <summary>One pool of connections per connection string, shared by every component that names the same database.</summary>
sealed class Databases : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, NpgsqlDataSource> _open = new(StringComparer.Ordinal);

    public NpgsqlDataSource Open(string connectionString) => _open.GetOrAdd(connectionString, Create);

    /// <summary>
    /// Connections whose commits do not wait for the disk: for what may be lost without harm, such as the lease of a message
    /// (it is delivered again) or its acknowledgement (it is delivered again).
    /// </summary>
    public NpgsqlDataSource OpenRelaxed(string connectionString) =>
        Open(new NpgsqlConnectionStringBuilder(connectionString) { Options = "-c synchronous_commit=off" }.ConnectionString);

    /// <summary>Connections that are closed when they are disposed of, for locks that belong to a connection.</summary>
    public NpgsqlDataSource OpenUnpooled(string connectionString) =>
        Open(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _open.Values)
        {
            await source.DisposeAsync();
        }
    }

    static NpgsqlDataSource Create(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            ApplicationName = "localdapr",
        };
        // The name is a label of metrics, which would else be the whole connection string.
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString) { Name = settings.Options is null ? settings.Database : settings.Database + " (relaxed)" };
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        return builder.Build();
    }
}
