namespace Jackpot.TestKit.Servers;

/// <summary>Names of the container images that servers come from: the table tests/containers/images, which `tests/containers/engine` reads too.</summary>
static class ContainerImage
{
    static readonly Lazy<IReadOnlyList<string>> Names = new(() =>
    [
        .. File.ReadLines(Path.Combine(RepositoryFolder.Root, "tests", "containers", "images"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')[0])
    ]);

    /// <summary>For example "postgres:15" for "postgres".</summary>
    internal static string Of(string repository) => Names.Value.Single(name => name.StartsWith(repository + ":", StringComparison.Ordinal));
}
