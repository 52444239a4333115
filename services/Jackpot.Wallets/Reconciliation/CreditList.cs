using System.Globalization;
using Jackpot.Core.Amounts;
using Jackpot.Core.Payouts;
using Jackpot.Wallets.Mapping;

namespace Jackpot.Wallets.Reconciliation;

/// <summary>An operator's own list of credits: read whole or not at all.</summary>
/// <param name="Credits">In the order of the list.</param>
/// <param name="Beside">Lines that say that they are of another time.</param>
public sealed record CreditList(IReadOnlyList<ListedCredit> Credits, int Beside)
{
    /// <summary>Of one list.</summary>
    public const int LinesMax = 2_000_000;

    /// <summary>Told of one list.</summary>
    const int FaultsMax = 20;

    /// <summary>Null when it has faults, each with its line; then nothing of it may be used.</summary>
    /// <param name="from">Lines that say an earlier time are left out.</param>
    /// <param name="until">As are those that say this one or a later.</param>
    public static CreditList? Read(TextReader text, CreditListFormat format, DateTimeOffset from, DateTimeOffset until, ICollection<string> faults)
    {
        try
        {
            var csv = new CsvReader(text, format.Separator);
            return csv.Read() is { } head && new ListColumns(format, [.. head.Select(name => name.Trim().TrimStart('\uFEFF'))], faults) is { AreThere: true } columns
                ? Read(csv, columns, from, until, faults)
                : Nothing(faults);
        }
        catch (FormatException fault)
        {
            faults.Add(fault.Message);
            return null;
        }
    }

    static CreditList? Nothing(ICollection<string> faults)
    {
        if (faults.Count == 0)
        {
            faults.Add("the list is empty; its first line must name its columns");
        }

        return null;
    }

    static CreditList? Read(CsvReader csv, ListColumns columns, DateTimeOffset from, DateTimeOffset until, ICollection<string> faults)
    {
        var (credits, beside) = (new List<ListedCredit>(), 0);
        while (csv.Read() is { } record)
        {
            if (credits.Count >= LinesMax)
            {
                faults.Add($"the list has more than {LinesMax} lines; give it in parts, by a column --only or by hours");
            }

            if (faults.Count >= FaultsMax || credits.Count >= LinesMax)
            {
                return null;
            }

            if (!columns.Counts(record))
            {
                continue;
            }

            if (columns.ReadCredit(csv.Line, record, out var at) is not { } credit)
            {
                continue;
            }

            if (at < from || at >= until)
            {
                beside++;
                continue;
            }

            credits.Add(credit);
        }

        return faults.Count == 0 ? new CreditList(credits, beside) : null;
    }

    /// <summary>Where in a record everything stands.</summary>
    sealed class ListColumns
    {
        readonly CreditListFormat _format;
        readonly ICollection<string> _faults;
        readonly int _fields;
        readonly Dictionary<string, int> _places = [];
        readonly int _only = -1;

        public ListColumns(CreditListFormat format, string[] head, ICollection<string> faults)
        {
            (_format, _faults, _fields) = (format, faults, head.Length);
            foreach (var column in CreditListFormat.Known)
            {
                _places[column] = Array.IndexOf(head, format.NameOf(column));
                if (_places[column] < 0 && IsNeeded(column))
                {
                    faults.Add($"line 1 has no column '{format.NameOf(column)}' for {column}; it has {string.Join(", ", head)}");
                }
            }

            if (format.Only is { } only && (_only = Array.IndexOf(head, only.Column)) < 0)
            {
                faults.Add($"line 1 has no column '{only.Column}' to choose lines by; it has {string.Join(", ", head)}");
            }

            AreThere = faults.Count == 0;
        }

        public bool AreThere { get; }

        bool IsNeeded(string column) => column switch
        {
            CreditListFormat.Currency => _format.AllIn is null,
            CreditListFormat.At => _format.Columns.ContainsKey(column),
            _ => true,
        };

        /// <summary>Whether the line is one of those that are asked for.</summary>
        public bool Counts(List<string> record) => _only < 0 || (_only < record.Count && record[_only].Trim() == _format.Only!.Value.Value);

        public ListedCredit? ReadCredit(int line, List<string> record, out DateTimeOffset? at)
        {
            at = null;
            if (record.Count != _fields)
            {
                return Fault(line, $"it has {record.Count} fields where line 1 has {_fields}");
            }

            var (id, player) = (Text(record, CreditListFormat.TransactionId), Text(record, CreditListFormat.PlayerId));
            if (id.Length == 0 || player.Length == 0)
            {
                return Fault(line, "it names no transaction or no player");
            }

            if (_format.AllIn is not { } currency && !Currency.TryParse(Text(record, CreditListFormat.Currency), out currency))
            {
                return Fault(line, $"'{Text(record, CreditListFormat.Currency)}' is no currency");
            }

            var amount = Text(record, CreditListFormat.Amount);
            if (!_format.Amounts.TryRead(amount.Replace(_format.DecimalPoint, '.'), currency, out var micros))
            {
                return Fault(line, $"'{amount}' is no amount in {currency}");
            }

            return _places[CreditListFormat.At] >= 0 && !TryInstant(Text(record, CreditListFormat.At), out at)
                ? Fault(line, $"'{Text(record, CreditListFormat.At)}' is no time, as in 2026-11-30T23:59:59Z")
                : new ListedCredit(line, id, player, new Money(micros, currency));
        }

        ListedCredit? Fault(int line, string why)
        {
            _faults.Add($"line {line}: {why}");
            return null;
        }

        string Text(List<string> record, string column) => record[_places[column]].Trim();

        static bool TryInstant(string text, out DateTimeOffset? at)
        {
            var isInstant = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read);
            at = isInstant ? read : null;
            return isInstant;
        }
    }
}
