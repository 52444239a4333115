namespace Jackpot.Core.Ids;

/// <summary>A player as the operator calls them. Personal data: it never enters a draw, a leaf or a message that leaves the region.</summary>
public readonly record struct PlayerId
{
    readonly string? _value;

    PlayerId(string value) => _value = value;

    public string Value => IdText.Used(_value);

    public static bool TryParse(string? text, out PlayerId id)
    {
        var good = IdText.IsCallerId(text);
        id = good ? new PlayerId(text!) : default;
        return good;
    }

    /// <exception cref="FormatException">The text breaks the grammar.</exception>
    public static PlayerId Parse(string? text) => TryParse(text, out var id) ? id : throw IdText.NotACallerId("player id");

    public override string ToString() => Value;
}

/// <summary>A game as the operator calls it.</summary>
public readonly record struct GameId
{
    readonly string? _value;

    GameId(string value) => _value = value;

    public string Value => IdText.Used(_value);

    public static bool TryParse(string? text, out GameId id)
    {
        var good = IdText.IsCallerId(text);
        id = good ? new GameId(text!) : default;
        return good;
    }

    /// <exception cref="FormatException">The text breaks the grammar.</exception>
    public static GameId Parse(string? text) => TryParse(text, out var id) ? id : throw IdText.NotACallerId("game id");

    public override string ToString() => Value;
}

/// <summary>A game round as the operator calls it.</summary>
public readonly record struct RoundId
{
    readonly string? _value;

    RoundId(string value) => _value = value;

    public string Value => IdText.Used(_value);

    public static bool TryParse(string? text, out RoundId id)
    {
        var good = IdText.IsCallerId(text);
        id = good ? new RoundId(text!) : default;
        return good;
    }

    /// <exception cref="FormatException">The text breaks the grammar.</exception>
    public static RoundId Parse(string? text) => TryParse(text, out var id) ? id : throw IdText.NotACallerId("round id");

    public override string ToString() => Value;
}

/// <summary>A contribution as the operator calls it.</summary>
public readonly record struct ContributionId
{
    readonly string? _value;

    ContributionId(string value) => _value = value;

    public string Value => IdText.Used(_value);

    public static bool TryParse(string? text, out ContributionId id)
    {
        var good = IdText.IsCallerId(text);
        id = good ? new ContributionId(text!) : default;
        return good;
    }

    /// <exception cref="FormatException">The text breaks the grammar.</exception>
    public static ContributionId Parse(string? text) => TryParse(text, out var id) ? id : throw IdText.NotACallerId("contribution id");

    public override string ToString() => Value;
}
