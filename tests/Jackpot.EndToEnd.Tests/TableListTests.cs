using System.Text.RegularExpressions;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>docs/storage.md lists every table with its bound and who keeps it: of the shards, of LocalDapr, of the reference wallet.</summary>
[Collection(ClusterCollection.Name)]
public sealed partial class TableListTests(ClusterFixture fixture)
{
    const string Page = "docs/storage.md";
    const string Heading = "## Every table";

    [GeneratedRegex(@"^\| `(?<table>[a-z_.]+)` \| (?<bound>[^|]*\S) \| (?<keeper>[^|]*\S) \|$", RegexOptions.Multiline)]
    private static partial Regex Row { get; }

    [Fact]
    public async Task The_list_of_tables_is_the_schema()
    {
        var there = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in fixture.Cluster.DatabaseNames)
        {
            await using var database = fixture.Cluster.Database(name);
            there.UnionWith(await TablesAsync(database));
        }
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Root, Page), TestContext.Current.CancellationToken);
        var listed = Listed(page[page.IndexOf(Heading, StringComparison.Ordinal)..]);

        Assert.True(there.SetEquals(listed), $"{Page}: add a row for {Names(there.Except(listed))}; take away {Names(listed.Except(there))}.");
        Assert.Equal(listed.Count, listed.Distinct().Count());
    }

    [Theory]
    [InlineData("| `pool` | one per tier | nobody: small |", 1)]
    [InlineData("| `pool` | one per tier |  |", 0)]
    [InlineData("| `pool` |  | nobody |", 0)]
    [InlineData("the table `pool`", 0)]
    public void A_row_names_a_bound_and_a_keeper(string text, int rows) => Assert.Equal(rows, Listed(text).Count);

    static List<string> Listed(string page) => [.. Row.Matches(page).Select(row => row.Groups["table"].Value)];

    static string Names(IEnumerable<string> tables) => string.Join(", ", tables.DefaultIfEmpty("none"));

    /// <summary>Without partitions, which are bounded as their table is.</summary>
    static async Task<List<string>> TablesAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("""
            SELECT CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
            """);
        await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var tables = new List<string>();
        while (await row.ReadAsync(TestContext.Current.CancellationToken))
        {
            tables.Add(row.GetString(0));
        }
        return tables;
    }
}
