using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Jackpot.Core.Ids;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Contributions;

/// <summary>
/// Which lane a jackpot's contributions take. Jackpots share a few lanes so that a batch, and with it one actor call and one commit,
/// serves many of them at once; the same jackpot always takes the same lane, on every replica.
/// </summary>
internal sealed class LaneDirectory(
    ShardOptions options, ILaneActor actor, StoredContributions stored, TimeProvider clock, ILogger<Lane> log) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Lazy<Lane>> _lanes = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<int, Lane> _byJackpot = new();

    public Lane Of(JackpotEntry jackpot) =>
        _byJackpot.TryGetValue(jackpot.Number, out var lane) ? lane : _byJackpot.GetOrAdd(jackpot.Number, Started(Name(jackpot.Config.Id)));

    /// <summary>The lane of that name, if this process has handed it anything yet.</summary>
    public Lane? Find(string name) => _lanes.TryGetValue(name, out var lane) ? lane.Value : null;

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

    Lane Started(string name) => _lanes.GetOrAdd(name, id => new Lazy<Lane>(() =>
    {
        var lane = new Lane(id, actor, stored, clock, log);
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
