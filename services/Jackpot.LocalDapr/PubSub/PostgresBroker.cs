using System.Collections.Concurrent;
using Jackpot.LocalDapr.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>How <c>pubsub.postgresql</c> delivers.</summary>
/// <param name="Concurrency">Messages of one subscription handled at once; 1 = in order.</param>
/// <param name="Lease">Renewed while a message is in hand; a message whose lease ran out is given to another consumer.</param>
/// <param name="RedeliveryDelay">Pause before a failed message comes again.</param>
/// <param name="DeliveriesMax">After so many failures it is parked in the table, neither lost nor delivered.</param>
sealed record PostgresBrokerSettings(string Schema, int Concurrency, TimeSpan Lease, TimeSpan RedeliveryDelay, int DeliveriesMax);

/// <summary>
/// <c>pubsub.postgresql</c>: a durable local broker. A message becomes one row per consumer group (app id unless consumerID says otherwise) that
/// has ever subscribed to its topic; replicas of a group compete with SKIP LOCKED; a lease belongs to a living process, so that the messages of a
/// killed one come again at once.
/// </summary>
sealed class PostgresBroker(
    NpgsqlDataSource database, NpgsqlDataSource relaxed, NpgsqlDataSource unpooled, PostgresBrokerSettings settings, ILogger<PostgresBroker> logger) : IMessageBroker
{
    readonly string _schema = Schema.Quote(settings.Schema);
    readonly ConcurrentDictionary<(string Consumer, string Topic), MessageSignal> _signals = new();
    PublishQueue? _publishing;
    LeaseOwner? _owner;

    public async Task OpenAsync(CancellationToken cancellation)
    {
        await CreateTablesAsync(cancellation);
        _owner = await LeaseOwner.StartAsync(unpooled, _schema, logger, cancellation);
        _publishing = new PublishQueue(InsertAsync);
    }

    public Task PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation) =>
        _publishing!.AddAsync(messages).WaitAsync(cancellation);

    public async Task<IAsyncDisposable> SubscribeAsync(Subscription subscription, string consumer, MessageHandler handler, CancellationToken cancellation)
    {
        await using (var register = database.CreateCommand($"INSERT INTO {_schema}.subscription (topic, consumer) VALUES ($1, $2) ON CONFLICT DO NOTHING"))
        {
            register.Parameters.Add(new() { Value = subscription.Topic });
            register.Parameters.Add(new() { Value = consumer });
            await register.ExecuteNonQueryAsync(cancellation);
        }
        var signal = _signals.GetOrAdd((consumer, subscription.Topic), _ => new MessageSignal());
        var shelf = new MessageShelf(relaxed, _schema, consumer, subscription.Topic, _owner!.Id, settings);
        return PostgresConsumer.Start(shelf, signal, settings, subscription.Bulk?.MessagesMax ?? 1, handler, logger);
    }

    public async ValueTask DisposeAsync()
    {
        if (_owner is not null)
        {
            await _owner.DisposeAsync();
        }
    }

    Task CreateTablesAsync(CancellationToken cancellation) => Schema.EnsureAsync(database, $"""
        CREATE SCHEMA IF NOT EXISTS {_schema};
        CREATE TABLE IF NOT EXISTS {_schema}.subscription (topic text NOT NULL, consumer text NOT NULL, PRIMARY KEY (topic, consumer));
        CREATE TABLE IF NOT EXISTS {_schema}.message (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          consumer text NOT NULL,
          topic text NOT NULL,
          data bytea NOT NULL,
          visible_at timestamptz NOT NULL DEFAULT now(),
          expires_at timestamptz,
          deliveries int NOT NULL DEFAULT 0,
          leased_by int)
          WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
        CREATE INDEX IF NOT EXISTS message_next ON {_schema}.message (consumer, topic, id);
        """, cancellation);

    async Task InsertAsync(IReadOnlyList<OutgoingMessage> messages)
    {
        await using var command = database.CreateCommand($"""
            WITH sent AS (
              INSERT INTO {_schema}.message (consumer, topic, data, expires_at)
              SELECT s.consumer, m.topic, m.data, now() + make_interval(secs => m.ttl)
              FROM unnest($1, $2, $3) WITH ORDINALITY AS m (topic, data, ttl, position) JOIN {_schema}.subscription s ON s.topic = m.topic
              ORDER BY m.position
              RETURNING consumer, topic)
            SELECT DISTINCT consumer, topic FROM sent
            """);
        command.Parameters.Add(new() { Value = messages.Select(message => message.Topic).ToArray() });
        command.Parameters.Add(new() { Value = messages.Select(message => message.Data.ToArray()).ToArray() });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double, Value = messages.Select(TimeToLive.SecondsOf).ToArray() });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (_signals.TryGetValue((reader.GetString(0), reader.GetString(1)), out var signal))
            {
                signal.Set();
            }
        }
    }
}
