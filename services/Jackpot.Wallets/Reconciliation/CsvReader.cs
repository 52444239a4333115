using System.Text;

namespace Jackpot.Wallets.Reconciliation;

/// <summary>Records of fields (RFC 4180): a field may stand in quotes, and then holds separators, lines and, doubled, quotes.</summary>
sealed class CsvReader(TextReader text, char separator)
{
    /// <summary>Longest record, so that a quote that is never closed does not read the whole file into memory.</summary>
    const int RecordCharsMax = 64 * 1024;

    const char Quote = '"';

    int _read;

    /// <summary>Where the record stands that was read last; 1 is the first.</summary>
    public int Line { get; private set; }

    int _next = 1;

    /// <summary>Null at the end; an empty line is no record.</summary>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public List<string>? Read()
    {
        List<string>? record;
        do
        {
            (Line, _read) = (_next, 0);
            record = text.Peek() < 0 ? null : ReadRecord();
        }
        while (record is [""]);

        return record;
    }

    List<string> ReadRecord()
    {
        var (fields, field) = (new List<string>(), new StringBuilder());
        while (true)
        {
            switch (Next())
            {
                case Quote when field.Length == 0:
                    ReadQuoted(field);
                    break;
                case var symbol when symbol == separator:
                    fields.Add(field.ToString());
                    field.Clear();
                    break;
                case '\r' when text.Peek() == '\n':
                    break;
                case -1 or '\n':
                    fields.Add(field.ToString());
                    return fields;
                case var symbol:
                    field.Append((char)symbol);
                    break;
            }
        }
    }

    void ReadQuoted(StringBuilder field)
    {
        while (true)
        {
            switch (Next())
            {
                case -1:
                    throw new FormatException($"a quote is not closed in the record that begins in line {Line}");
                case Quote when text.Peek() == Quote:
                    field.Append((char)Next());
                    break;
                case Quote:
                    return;
                case var symbol:
                    field.Append((char)symbol);
                    break;
            }
        }
    }

    int Next()
    {
        var symbol = text.Read();
        _next += symbol == '\n' ? 1 : 0;
        return ++_read <= RecordCharsMax ? symbol : throw new FormatException($"the record that begins in line {Line} has more than {RecordCharsMax} characters");
    }
}
