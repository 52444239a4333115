using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Settings;

namespace Jackpot.Ledger.Batching;

/// <summary>
/// Which lane a jackpot's contributions take. Jackpots share a few lanes so that a batch, and with it one commit,
/// serves many of them at once; the same jackpot always takes the same lane, on every replica.
/// </summary>
internal sealed class LaneDirectory(
    ShardOptions options, IBatchRecorders recorders, StoredContributions stored, ILogger<Lane> log) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Lazy<Lane>> _lanes = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<int, Lane> _byJackpot = new();

    public Lane Of(JackpotEntry jackpot) =>
        _byJackpot.TryGetValue(jackpot.Number, out var lane) ? lane : _byJackpot.GetOrAdd(jackpot.Number, Named(Name(jackpot.Config.Id)));

    string Name(JackpotId jackpot) => options.Lanes == 0
        ? jackpot.Value
        : string.Create(CultureInfo.InvariantCulture, $"lane-{Spread(jackpot.Value) % (uint)options.Lanes}");

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

    /// <summary>The lane of that name, started when it is first asked for.</summary>
    public Lane Named(string name) => _lanes.GetOrAdd(name, id => new Lazy<Lane>(() =>
    {
        var lane = new Lane(id, recorders.Of(id), stored, log);
        lane.Start();
        return lane;
    })).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes.Values)
        {
            await lane.Value.DisposeAsync();
        }
    }
}
