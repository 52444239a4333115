using System.Collections.Frozen;
using System.Text.Json;
using Jackpot.Gateway.Regions;

namespace Jackpot.Gateway.Feeds;

/// <summary>Every feed of this gateway's region. Fixed at start.</summary>
sealed class FeedDirectory
{
    readonly FrozenDictionary<string, Feed> _bySource;

    FeedDirectory(IReadOnlyCollection<Feed> feeds)
    {
        _bySource = feeds.Where(feed => feed.Source is not null).ToFrozenDictionary(feed => feed.Source!, StringComparer.Ordinal);
        OwnTopics = [.. feeds.Where(feed => feed.Topic is not null)];
    }

    /// <summary>Feeds that come on topics of their own.</summary>
    internal IReadOnlyList<Feed> OwnTopics { get; }

    internal Feed? OfSource(string? source) => source is null ? null : _bySource.GetValueOrDefault(source);

    /// <summary>Reads <c>regions/&lt;region&gt;/feeds/*.json</c>, or throws <see cref="InvalidGatewayException"/> with every fault of every file at once.</summary>
    internal static FeedDirectory Load(string regionsPath, RegionDirectory directory)
    {
        var folder = Path.Combine(regionsPath, directory.Region, FeedFile.FolderName);
        var (feeds, faults) = (new List<Feed>(), new List<string>());
        foreach (var path in (Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : []).Order(StringComparer.Ordinal))
        {
            var file = Read(path, faults);
            var found = file is null ? [] : FeedFaults.Of(file, directory).ToList();
            faults.AddRange(found.Select(fault => $"{path}: {fault}."));
            if (file is not null && found.Count == 0)
            {
                feeds.Add(new Feed(Path.GetFileNameWithoutExtension(path), file));
            }
        }

        faults.AddRange(Twice(feeds, feed => feed.Source, "source").Concat(Twice(feeds, feed => feed.Topic, "topic")));
        return faults.Count == 0 ? new FeedDirectory(feeds) : throw new InvalidGatewayException(faults);
    }

    static FeedFile? Read(string path, List<string> faults)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), FeedJson.Default.FeedFile) ?? throw new JsonException("the file holds null");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"{path}: {fault.Message}");
            return null;
        }
    }

    static IEnumerable<string> Twice(List<Feed> feeds, Func<Feed, string?> of, string what) => feeds.Where(feed => of(feed) is not null).GroupBy(of)
        .Where(same => same.Count() > 1).Select(same => $"{FeedFile.FolderName}: {string.Join(" and ", same.Select(feed => feed.Name))} have the same {what} '{same.Key}'.");
}
