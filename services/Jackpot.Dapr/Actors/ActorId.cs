namespace Jackpot.Dapr.Actors;

/// <summary>The id of an actor within its type.</summary>
public readonly record struct ActorId
{
    readonly string? _id;

    /// <summary>Creates the id.</summary>
    /// <exception cref="ArgumentException">Dapr refuses such an id: empty, <c>.</c>, <c>..</c>, or holding <c>/ \ # ?</c> or a control character.</exception>
    public ActorId(string id)
    {
        if (string.IsNullOrEmpty(id) || id is "." or ".." || id.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
        {
            throw new ArgumentException($"'{id}' is no actor id: it must not be empty, '.', '..', or hold / \\ # ? or control characters.", nameof(id));
        }

        _id = id;
    }

    /// <summary>A new random id.</summary>
    public static ActorId CreateRandom() => new(Guid.NewGuid().ToString("N"));

    /// <summary>The id as text.</summary>
    public string GetId() => _id ?? throw new InvalidOperationException("This ActorId was never given a value.");

    /// <inheritdoc/>
    public override string ToString() => _id ?? "";
}
