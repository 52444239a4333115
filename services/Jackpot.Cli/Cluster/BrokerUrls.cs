namespace Jackpot.Cli.Cluster;

/// <summary>Where the brokers of another kind than the local one are: each place has its own, and no two share a virtual host or an account.</summary>
static class BrokerUrls
{
    internal const string Prefix = "JACKPOT_BROKER_URL_";

    internal static string VariableOf(string place) => Prefix + place.Replace('-', '_').ToUpperInvariant();

    /// <summary>By place; empty for the local broker, which is the place's own PostgreSQL.</summary>
    internal static IReadOnlyDictionary<string, string> Of(ClusterOptions options, IEnumerable<string> places)
    {
        if (options.Broker is null)
        {
            return new Dictionary<string, string>();
        }
        var urls = places.ToDictionary(place => place, place => options.Variable(VariableOf(place)) is { Length: > 0 } url
            ? url
            : throw new CommandException($"--broker {options.Broker} needs {VariableOf(place)}: where the broker of {place} is. Each region has its own, and one lies between them.", ExitCodes.Usage));
        var shared = urls.GroupBy(url => url.Value).FirstOrDefault(group => group.Count() > 1) ?? Accounts(urls).FirstOrDefault(group => group.Count() > 1);
        return shared is null
            ? urls
            : throw new CommandException(
                $"{string.Join(" and ", shared.Select(url => VariableOf(url.Key)))} name the same broker or the same account of it. Give each a virtual host (or database, or cluster) and an account of its own, as docs/brokers.md says.",
                ExitCodes.Usage);
    }

    static IEnumerable<IGrouping<string, KeyValuePair<string, string>>> Accounts(Dictionary<string, string> urls) => urls
        .Where(url => Uri.TryCreate(url.Value, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length > 0)
        .GroupBy(url => new Uri(url.Value) is var parsed ? $"{parsed.UserInfo}@{parsed.Authority}" : "");
}
