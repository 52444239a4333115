using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Settings;

namespace Jackpot.Ledger.Batching;

/// <summary>
/// Which batcher a jackpot's contributions take. Jackpots share a few batchers so that a batch, and with it one commit,
/// serves many of them at once; the same jackpot always takes the same batcher, on every replica.
/// </summary>
internal sealed class BatcherDirectory(
    ShardOptions options, IBatchRecorders recorders, StoredContributions stored, ILogger<Batcher> log) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Lazy<Batcher>> _batchers = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<int, Batcher> _byJackpot = new();

    public Batcher Of(JackpotEntry jackpot) =>
        _byJackpot.TryGetValue(jackpot.Number, out var batcher) ? batcher : _byJackpot.GetOrAdd(jackpot.Number, Named(Name(jackpot.Config.Id)));

    string Name(JackpotId jackpot) => options.Batchers == 0
        ? jackpot.Value
        : string.Create(CultureInfo.InvariantCulture, $"lane-{Spread(jackpot.Value) % (uint)options.Batchers}");

    /// <summary>FNV-1a: the same on every replica and version, which string.GetHashCode is not.</summary>
    static uint Spread(string text)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ b) * 16777619u);
        }

        return hash;
    }

    /// <summary>The batcher of that name, started when it is first asked for.</summary>
    public Batcher Named(string name) => _batchers.GetOrAdd(name, id => new Lazy<Batcher>(() =>
    {
        var batcher = new Batcher(id, recorders.Of(id), stored, log);
        batcher.Start();
        return batcher;
    })).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var batcher in _batchers.Values)
        {
            await batcher.Value.DisposeAsync();
        }
    }
}
