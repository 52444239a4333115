using System.Text.Json;
using Jackpot.Core.Amounts;
using Jackpot.Wallets.Transactions;

namespace Jackpot.Wallets.Mapping;

/// <summary>Where an answer names what it is about, and what must stand there. An answer counts only when everything that it names is ours.</summary>
sealed class Echo
{
    static readonly string[] Fields = [Placeholders.TransactionId, Placeholders.PlayerId, Placeholders.Amount, Placeholders.Currency];

    readonly List<(string Field, IReadOnlyList<string> At, Template? Is)> _fields = [];

    /// <summary>Whether an answer that names all this is certainly about our transaction.</summary>
    public bool IsComplete => _fields.Count == Fields.Length;

    public static Echo Read(DataFields? fields, IReadOnlySet<string> known)
    {
        var echo = new Echo();
        foreach (var field in fields is null ? [] : Fields.Where(fields.Has))
        {
            echo.Add(fields!, field, known);
        }

        fields?.Done();
        return echo;
    }

    void Add(DataFields fields, string field, IReadOnlySet<string> known)
    {
        if (fields.Find(field) is not YamlDotNet.RepresentationModel.YamlMappingNode)
        {
            _fields.Add((field, Pointer.Read(fields, field) ?? [], null));
            return;
        }

        var inner = fields.Fields(field)!;
        var at = Pointer.Read(inner, "at") ?? [];
        Template? expected = null;
        if (field == Placeholders.Amount)
        {
            inner.Fault(null, "an amount is compared by its value; say only where it stands");
        }
        else if (inner.Required("is") is { } text && (expected = Template.TryParse(text, known, out var fault)) is null)
        {
            inner.Fault("is", fault);
        }

        inner.Done();
        _fields.Add((field, at, expected));
    }

    /// <summary>The fields in which the answer is about something else. One that is not there is one of them only where all must be.</summary>
    public List<string> Others(JsonElement json, WalletTransaction transaction, AmountForm form, TemplateValues values, bool allMustBeThere)
    {
        var others = new List<string>();
        foreach (var (field, at, expected) in _fields)
        {
            var seen = json.At(at);
            var isThere = seen.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
            if (isThere ? !IsOurs(field, seen, transaction, form, expected?.Fill(values, text => text)) : allMustBeThere)
            {
                others.Add(field);
            }
        }

        return others;
    }

    static bool IsOurs(string field, JsonElement seen, WalletTransaction transaction, AmountForm form, string? expected) => field switch
    {
        Placeholders.Amount => form.TryRead(seen, transaction.Amount.Currency, out var micros) && micros == transaction.Amount.Micros,
        Placeholders.Currency => Text(seen) == (expected ?? transaction.Amount.Currency.Code),
        Placeholders.PlayerId => Text(seen) == (expected ?? transaction.PlayerId),
        _ => Text(seen) == (expected ?? transaction.TransactionId),
    };

    // Some operators have numbers for ids.
    static string? Text(JsonElement json) => json.ValueKind == JsonValueKind.Number ? json.GetRawText() : json.TryText(out var text) ? text : null;
}

static class Pointer
{
    /// <summary>The steps of a JSON pointer (RFC 6901); null, with a fault where there is one, when the field is none.</summary>
    public static IReadOnlyList<string>? Read(DataFields fields, string field)
    {
        var text = fields.Text(field);
        if (text is null || text.Length == 0 || text[0] == '/')
        {
            return text is null ? null : [.. text.Split('/').Skip(1).Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        }

        fields.Fault(field, $"'{field}' is '{text}'; it must lead into the answer, as in /data/id");
        return null;
    }
}
