namespace Jackpot.Core.Ids;

/// <summary>What a player sees as one jackpot; a name of ours.</summary>
public readonly record struct JackpotId
{
    readonly string? _value;

    JackpotId(string value) => _value = value;

    public string Value => IdText.Used(_value);

    public static bool TryParse(string? text, out JackpotId id)
    {
        var good = IdText.IsName(text);
        id = good ? new JackpotId(text!) : default;
        return good;
    }

    /// <exception cref="FormatException">The text breaks the grammar.</exception>
    public static JackpotId Parse(string? text) => TryParse(text, out var id) ? id : throw IdText.NotAName("jackpot id", text);

    public override string ToString() => Value;
}

/// <summary>One tier of a jackpot; unique in the whole platform, because awards are named after it.</summary>
public readonly record struct PoolId
{
    readonly string? _value;

    PoolId(string value) => _value = value;

    public string Value => IdText.Used(_value);

    public static bool TryParse(string? text, out PoolId id)
    {
        var good = IdText.IsName(text);
        id = good ? new PoolId(text!) : default;
        return good;
    }

    /// <exception cref="FormatException">The text breaks the grammar.</exception>
    public static PoolId Parse(string? text) => TryParse(text, out var id) ? id : throw IdText.NotAName("pool id", text);

    public override string ToString() => Value;
}

/// <summary>An operator; a name of ours.</summary>
public readonly record struct TenantId
{
    readonly string? _value;

    TenantId(string value) => _value = value;

    public string Value => IdText.Used(_value);

    public static bool TryParse(string? text, out TenantId id)
    {
        var good = IdText.IsName(text);
        id = good ? new TenantId(text!) : default;
        return good;
    }

    /// <exception cref="FormatException">The text breaks the grammar.</exception>
    public static TenantId Parse(string? text) => TryParse(text, out var id) ? id : throw IdText.NotAName("tenant id", text);

    public override string ToString() => Value;
}
