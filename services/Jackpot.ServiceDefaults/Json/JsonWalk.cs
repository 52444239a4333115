using System.Text.Json;

namespace Jackpot.ServiceDefaults.Json;

/// <summary>
/// What must be known of the containers around a token: how many items each has so far, and the names that each open object has. Names are
/// places in the bytes; only those with escapes are copied. Nothing else is allocated, whatever is sent.
/// </summary>
public ref struct JsonWalk(ReadOnlySpan<byte> bytes, int root, Span<(int Start, int Length)> names, Span<int> firstNames, Span<int> items)
{
    const int IsArray = -1;

    readonly ReadOnlySpan<byte> _bytes = bytes;
    readonly Span<int> _firstNames = firstNames;
    readonly Span<int> _items = items;
    Span<(int Start, int Length)> _names = names;
    int _namesCount;
    List<byte[]>? _unescaped;

    /// <summary>The depth of the value itself.</summary>
    public readonly int Root => root;

    /// <summary>Takes the token in; answers what is wrong with it.</summary>
    public JsonFaultKind Step(in Utf8JsonReader json)
    {
        var depth = json.CurrentDepth - root;
        switch (json.TokenType)
        {
            case JsonTokenType.PropertyName:
                return Name(json, depth - 1);
            case JsonTokenType.EndObject:
                _namesCount = _firstNames[depth];
                return JsonFaultKind.None;
            case JsonTokenType.EndArray:
                return JsonFaultKind.None;
        }

        if (depth > 0 && _firstNames[depth - 1] == IsArray && ++_items[depth - 1] > StrictJson.ItemsMax)
        {
            return JsonFaultKind.TooManyItems;
        }

        return json.TokenType switch
        {
            JsonTokenType.StartObject => Open(depth, _namesCount),
            JsonTokenType.StartArray => Open(depth, IsArray),
            JsonTokenType.String => StrictJson.TextFault(json),
            _ => JsonFaultKind.None,
        };
    }

    readonly JsonFaultKind Open(int depth, int firstName)
    {
        if (depth >= _firstNames.Length)
        {
            return JsonFaultKind.TooDeep;
        }

        (_firstNames[depth], _items[depth]) = (firstName, 0);
        return JsonFaultKind.None;
    }

    JsonFaultKind Name(in Utf8JsonReader json, int container)
    {
        if (StrictJson.TextFault(json) is var fault && fault != JsonFaultKind.None)
        {
            return fault;
        }

        var first = _firstNames[container];
        if (_namesCount - first == StrictJson.NamesMax)
        {
            return JsonFaultKind.TooManyNames;
        }

        // A place is the byte after the opening quote; a negative one is that of a copy.
        var place = json.ValueIsEscaped ? Unescaped(json) : ((int)json.TokenStartIndex + 1, json.ValueSpan.Length);
        var name = At(place);
        for (var i = first; i < _namesCount; i++)
        {
            if (_names[i].Length == name.Length && At(_names[i]).SequenceEqual(name))
            {
                return JsonFaultKind.DuplicateName;
            }
        }

        Keep(place);
        return JsonFaultKind.None;
    }

    (int Start, int Length) Unescaped(in Utf8JsonReader json)
    {
        var copy = new byte[json.ValueSpan.Length];
        var length = json.CopyString(copy);
        (_unescaped ??= []).Add(copy);
        return (-_unescaped.Count, length);
    }

    readonly ReadOnlySpan<byte> At((int Start, int Length) place) =>
        place.Start >= 0 ? _bytes.Slice(place.Start, place.Length) : _unescaped![-place.Start - 1].AsSpan(0, place.Length);

    void Keep((int Start, int Length) place)
    {
        if (_namesCount == _names.Length)
        {
            Span<(int, int)> larger = new (int, int)[_names.Length * 2];
            _names.CopyTo(larger);
            _names = larger;
        }

        _names[_namesCount++] = place;
    }
}
