using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>
/// The part of CEL that routing rules use: fields of <c>event</c> (also <c>event["x"]</c>), strings, numbers, booleans, comparisons,
/// <c>&amp;&amp; || !</c>, parentheses, <c>in [..]</c>, <c>has(..)</c>, <c>.startsWith() .endsWith() .contains() .matches()</c>. Anything else is refused when it is read.
/// </summary>
sealed partial class EventExpression
{
    readonly Func<JsonElement, object?> _root;

    EventExpression(string text, Func<JsonElement, object?> root)
    {
        Text = text;
        _root = root;
    }

    public string Text { get; }

    /// <exception cref="FormatException">The text is not of the part of CEL that is understood here.</exception>
    public static EventExpression Parse(string text)
    {
        var reader = new Reader(text);
        var root = reader.Or();
        return reader.IsAtEnd ? new EventExpression(text, root) : throw reader.Fault();
    }

    public bool Holds(JsonElement cloudEvent) => _root(cloudEvent) is true;

    sealed class Reader(string text)
    {
        readonly List<string> _tokens = [.. Tokens().Matches(text).Select(token => token.Value).Where(token => !string.IsNullOrWhiteSpace(token))];
        int _at;

        public bool IsAtEnd => _at == _tokens.Count;

        public FormatException Fault() => new($"the rule \"{text}\" cannot be read at '{(IsAtEnd ? "its end" : _tokens[_at])}'");

        public Func<JsonElement, object?> Or()
        {
            var left = And();
            while (Take("||"))
            {
                var (first, second) = (left, And());
                left = e => first(e) is true || second(e) is true;
            }
            return left;
        }

        Func<JsonElement, object?> And()
        {
            var left = Comparison();
            while (Take("&&"))
            {
                var (first, second) = (left, Comparison());
                left = e => first(e) is true && second(e) is true;
            }
            return left;
        }

        Func<JsonElement, object?> Comparison()
        {
            var left = Unary();
            if (IsAtEnd)
            {
                return left;
            }
            switch (_tokens[_at])
            {
                case "==" or "!=" or "<" or "<=" or ">" or ">=":
                    var relation = _tokens[_at++];
                    var right = Unary();
                    return e => Compare(left(e), relation, right(e));
                case "in":
                    _at++;
                    var members = List();
                    return e => left(e) is { } value && members.Any(member => Equals(member(e), value));
                default:
                    return left;
            }
        }

        Func<JsonElement, object?> Unary()
        {
            if (Take("!"))
            {
                var inner = Unary();
                return e => inner(e) is false;
            }
            return Calls(Primary());
        }

        Func<JsonElement, object?> Calls(Func<JsonElement, object?> value)
        {
            while (_at + 1 < _tokens.Count && _tokens[_at] == "." && _tokens[_at + 1] is "startsWith" or "endsWith" or "contains" or "matches")
            {
                var method = _tokens[_at + 1];
                _at += 2;
                Need("(");
                var (subject, argument) = (value, Or());
                Need(")");
                value = e => subject(e) is string s && argument(e) is string a && Ask(s, method, a);
            }
            return value;
        }

        Func<JsonElement, object?> Primary()
        {
            if (Take("("))
            {
                var inner = Or();
                Need(")");
                return inner;
            }
            if (Take("has"))
            {
                Need("(");
                var field = Primary();
                Need(")");
                return e => field(e) is not null;
            }
            var token = IsAtEnd ? throw Fault() : _tokens[_at++];
            if (token is "true" or "false")
            {
                return _ => token == "true";
            }
            if (token[0] is '"' or '\'')
            {
                var literal = Regex.Unescape(token[1..^1]);
                return _ => literal;
            }
            if (double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                return _ => number;
            }
            return token == "event" ? Field() : throw Fault();
        }

        Func<JsonElement, object?> Field()
        {
            var path = new List<string>();
            while (_at + 1 < _tokens.Count)
            {
                if (_tokens[_at] == "." && _tokens[_at + 1] is not ("startsWith" or "endsWith" or "contains" or "matches"))
                {
                    path.Add(_tokens[_at + 1]);
                    _at += 2;
                }
                else if (_tokens[_at] == "[" && _tokens[_at + 1][0] is '"' or '\'')
                {
                    path.Add(_tokens[_at + 1][1..^1]);
                    _at += 2;
                    Need("]");
                }
                else
                {
                    break;
                }
            }
            return e => ValueAt(e, path);
        }

        List<Func<JsonElement, object?>> List()
        {
            var members = new List<Func<JsonElement, object?>>();
            Need("[");
            while (!Take("]"))
            {
                members.Add(Unary());
                Take(",");
            }
            return members;
        }

        bool Take(string token)
        {
            if (IsAtEnd || _tokens[_at] != token)
            {
                return false;
            }
            _at++;
            return true;
        }

        void Need(string token)
        {
            if (!Take(token))
            {
                throw Fault();
            }
        }
    }

    static object? ValueAt(JsonElement element, List<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }
        return element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => null,
            _ => element.GetRawText(),
        };
    }

    static bool Compare(object? left, string relation, object? right)
    {
        if (relation is "==" or "!=")
        {
            return Equals(left, right) == (relation == "==");
        }
        var order = (left, right) switch
        {
            (double a, double b) => a.CompareTo(b),
            (string a, string b) => string.CompareOrdinal(a, b),
            _ => (int?)null,
        };
        return relation switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    static bool Ask(string subject, string method, string argument) => method switch
    {
        "startsWith" => subject.StartsWith(argument, StringComparison.Ordinal),
        "endsWith" => subject.EndsWith(argument, StringComparison.Ordinal),
        "contains" => subject.Contains(argument, StringComparison.Ordinal),
        _ => Regex.IsMatch(subject, argument, RegexOptions.None, TimeSpan.FromSeconds(1)),
    };

    [GeneratedRegex("""
        \s+|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|==|!=|<=|>=|&&|\|\||[<>!().,\[\]]|-?\d+(?:\.\d+)?|[A-Za-z_][A-Za-z0-9_]*|.
        """)]
    private static partial Regex Tokens();
}
