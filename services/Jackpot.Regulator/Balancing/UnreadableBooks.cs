using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Ledger.Texts;
using Npgsql;

namespace Jackpot.Regulator.Balancing;

/// <summary>A jackpot whose books could not be added up. Nobody can say that they balance, so it is an incident of this jackpot, and of no other.</summary>
internal sealed record UnreadableBooks([property: JsonIgnore] int Jackpot, string Why) : IBalanced
{
    public const string What = "unreadable";

    const int WhyCharsMax = 500;

    /// <summary>Its name, where it is known.</summary>
    public string? JackpotId { get; init; }

    // SQLSTATE class 22, data exception: a value that the statement cannot work with.
    const string DataException = "22";

    [JsonIgnore]
    public bool Balances => false;

    [JsonIgnore]
    public IEnumerable<Difference> Differences => [new Difference(What, null, null, 0, 0) { Why = Why }];

    public static UnreadableBooks Of(int jackpot, Exception fault) =>
        new(jackpot, OutsideText.Clean($"{fault.GetType().Name}: {fault.Message}", WhyCharsMax));

    /// <summary>Whether the fault lies in what was read. All others, such as a database that is away, say nothing about any jackpot.</summary>
    public static bool AreBehind(Exception fault) => fault is OverflowException or InvalidCastException or FormatException or JsonException
        || fault is PostgresException postgres && postgres.SqlState.StartsWith(DataException, StringComparison.Ordinal);
}

/// <summary>Balances all jackpots at once, and one by one when that fails because of the data of one of them.</summary>
internal static class OneByOne
{
    /// <param name="read">Reads the rows of one jackpot, or of all for null.</param>
    /// <param name="numbers">All jackpots.</param>
    public static async Task<(List<T> Rows, List<UnreadableBooks> Unreadable)> ReadAsync<T>(Func<int?, Task<List<T>>> read, Func<Task<IReadOnlyCollection<int>>> numbers)
    {
        try
        {
            return (await read(null), []);
        }
        catch (Exception e) when (UnreadableBooks.AreBehind(e))
        {
            return await ReadEachAsync(read, await numbers());
        }
    }

    static async Task<(List<T> Rows, List<UnreadableBooks> Unreadable)> ReadEachAsync<T>(Func<int?, Task<List<T>>> read, IReadOnlyCollection<int> numbers)
    {
        var (rows, unreadable) = (new List<T>(), new List<UnreadableBooks>());
        foreach (var jackpot in numbers)
        {
            try
            {
                rows.AddRange(await read(jackpot));
            }
            catch (Exception e) when (UnreadableBooks.AreBehind(e))
            {
                unreadable.Add(UnreadableBooks.Of(jackpot, e));
            }
        }

        return (rows, unreadable);
    }
}
