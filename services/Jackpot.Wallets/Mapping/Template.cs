using System.Text;

namespace Jackpot.Wallets.Mapping;

/// <summary>What fills the braces of a template: texts by name, an amount that may be a number, null for what this transaction does not have.</summary>
delegate TemplateValue? TemplateValues(string name);

/// <param name="IsJson">A JSON number that is written as it is.</param>
readonly record struct TemplateValue(string Text, bool IsJson = false);

/// <summary>A text with names in braces: <c>/players/{player_id}</c>. <c>{a|b}</c> is b where there is no a; <c>{{</c> and <c>}}</c> are braces.</summary>
sealed class Template
{
    readonly List<(string? Literal, string[]? Names)> _parts;

    Template(List<(string?, string[]?)> parts) => _parts = parts;

    /// <summary>Null, with what is wrong, when the text is no template of these names.</summary>
    public static Template? TryParse(string text, IReadOnlySet<string> known, out string fault)
    {
        fault = "";
        var (parts, literal) = (new List<(string?, string[]?)>(), new StringBuilder());
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '{' or '}' && at + 1 < text.Length && text[at + 1] == text[at])
            {
                literal.Append(text[at++]);
            }
            else if (text[at] == '{' && text.IndexOf('}', at) is var end and > 0)
            {
                var names = text[(at + 1)..end].Split('|');
                if (Array.Find(names, name => !known.Contains(name)) is { } unknown)
                {
                    fault = $"'{{{unknown}}}' is not known here; known are {string.Join(", ", known.Order(StringComparer.Ordinal))}";
                    return null;
                }

                parts.Add((literal.ToString(), null));
                parts.Add((null, names));
                literal.Clear();
                at = end;
            }
            else if (text[at] is '{' or '}')
            {
                fault = $"'{text}' has a brace without its partner";
                return null;
            }
            else
            {
                literal.Append(text[at]);
            }
        }

        parts.Add((literal.ToString(), null));
        parts.RemoveAll(part => part.Item1 == "");
        return new Template(parts);
    }

    public bool Names(string name) => _parts.Exists(part => part.Names?.Contains(name) == true);

    /// <summary>The value itself, with its type, where the template is one name and nothing else; null where that value is not there.</summary>
    public TemplateValue? Value(TemplateValues values) =>
        _parts is [{ Names: { } names }] ? First(names, values) : new TemplateValue(Fill(values, text => text));

    /// <param name="encode">What is done to each value, not to the text around them.</param>
    public string Fill(TemplateValues values, Func<string, string> encode) =>
        string.Concat(_parts.Select(part => part.Literal ?? encode(First(part.Names!, values)?.Text ?? "")));

    static TemplateValue? First(string[] names, TemplateValues values) =>
        names.Select(name => values(name)).FirstOrDefault(value => value is { Text.Length: > 0 });
}
