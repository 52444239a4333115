namespace Jackpot.Cli.Cluster;

/// <summary>Where the shards' own endpoints are: those that were named, with commas between them, or all of the local cluster.</summary>
static class ShardUrls
{
    internal const string Option = "--shard-url";

    internal static IReadOnlyList<Uri> Of(Arguments arguments)
    {
        if (arguments.Text(Option) is { } text)
        {
            return [.. text.Split(',').Select(one => Uri.TryCreate(one, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                ? url
                : throw new CommandException($"{Option} is '{text}'; it must be an address such as http://127.0.0.1:5001.", ExitCodes.Usage))];
        }

        var run = RunFolder.At(ClusterOptions.RunDirectoryOf(arguments, RepositoryRoot.Find()));
        var plan = File.Exists(run.PlanFile)
            ? ClusterPlanJson.Read(run.PlanFile)
            : throw new CommandException($"no cluster was ever started in {run.Path}. Run ./jackpot up first, or name a shard with {Option}.");
        return [.. plan.Processes.Where(process => process.Url is not null && process.Environment.ContainsKey("Shard__Id")).Select(process => new Uri(process.Url!))];
    }
}
