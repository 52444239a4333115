namespace Jackpot.LocalDapr.Actors;

/// <summary>Names one actor within a namespace.</summary>
readonly record struct ActorKey(string Type, string Id)
{
    const string ReservedPrefix = "dapr.internal.";

    public bool IsReserved => Type.StartsWith(ReservedPrefix, StringComparison.Ordinal);

    /// <summary>Names and ids may hold neither separators of paths and queries nor control characters.</summary>
    public static bool IsLegalName(string name) =>
        name is not ("" or "." or "..") && name.AsSpan().IndexOfAny("/\\#?") < 0 && !name.Any(char.IsControl);
}
