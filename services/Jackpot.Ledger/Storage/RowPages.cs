namespace Jackpot.Ledger.Storage;

/// <summary>Consecutively numbered rows of one owner: above one number and up to another.</summary>
/// <param name="Owner">What the reader tells them apart by.</param>
/// <param name="Jackpot">The jackpot's number.</param>
/// <param name="After">Exclusive.</param>
/// <param name="Through">Inclusive.</param>
/// <param name="Rows">How many they are at most, as far as is known: what is cut, and where.</param>
internal readonly record struct NumberedRows(int Owner, int Jackpot, long After, long Through, long Rows)
{
    public static NumberedRows Of(int owner, int jackpot, long after, long through) => new(owner, jackpot, after, through, Math.Max(0, through - after));
}

/// <summary>
/// Cuts what a <see cref="LongRead"/> adds up into pages, so that no statement goes through more than so many rows: rows of a large owner are
/// spread over several, those of many small ones share one.
/// </summary>
internal static class RowPages
{
    public static IEnumerable<List<NumberedRows>> Of(IEnumerable<NumberedRows> all, int rowsMax)
    {
        var (page, room) = (new List<NumberedRows>(), (long)rowsMax);
        foreach (var whole in all)
        {
            var rest = whole;
            while (rest.Rows > room)
            {
                page.Add(rest with { Through = rest.After + room, Rows = room });
                rest = rest with { After = rest.After + room, Rows = rest.Rows - room };
                yield return page;
                (page, room) = ([], rowsMax);
            }

            page.Add(rest);
            room -= Math.Max(1, rest.Rows);
            if (room <= 0)
            {
                yield return page;
                (page, room) = ([], rowsMax);
            }
        }

        if (page.Count > 0)
        {
            yield return page;
        }
    }
}
