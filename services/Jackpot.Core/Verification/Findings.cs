using System.Collections.Immutable;

namespace Jackpot.Core.Verification;

/// <summary>Collects what does not agree, up to a limit: a forged export of a million rows needs no million lines.</summary>
sealed class Findings
{
    public const int FindingsMax = 100;

    readonly ImmutableArray<Finding>.Builder _found = ImmutableArray.CreateBuilder<Finding>();

    public bool None => _found.Count == 0;

    public ImmutableArray<Finding> ToImmutable() => _found.ToImmutable();

    public void Add(FindingKind kind, long? sequence, string message)
    {
        if (_found.Count < FindingsMax)
        {
            _found.Add(new Finding(kind, sequence, message));
        }
    }

    public void Unless(bool agrees, FindingKind kind, long? sequence, string message)
    {
        if (!agrees)
        {
            Add(kind, sequence, message);
        }
    }

    /// <summary>Compares a claim with what the rules give.</summary>
    public void Equal<T>(T claimed, T computed, FindingKind kind, long? sequence, string what)
        where T : IEquatable<T>
    {
        if (!claimed.Equals(computed))
        {
            Add(kind, sequence, $"{what}: {claimed} is claimed, {computed} is computed.");
        }
    }
}
