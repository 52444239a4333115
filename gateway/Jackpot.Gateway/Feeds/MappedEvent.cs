using Jackpot.Contracts.Events;
using Jackpot.Streams.Refusals;

namespace Jackpot.Gateway.Feeds;

/// <summary>What a feed makes of an event.</summary>
sealed record MappedEvent
{
    /// <summary>Known, and nothing that a jackpot is fed by.</summary>
    internal static readonly MappedEvent Ignored = new() { IsIgnored = true };

    internal bool IsIgnored { get; private init; }

    internal EventRefusal? Refusal { get; private init; }

    internal string Detail { get; private init; } = "";

    /// <summary>Whose it is, as far as that is known.</summary>
    internal string? Tenant { get; private init; }

    internal string Type { get; private init; } = "";

    /// <summary>The platform's own shape of it.</summary>
    internal ReadOnlyMemory<byte> Data { get; private init; }

    internal static MappedEvent Bet(string tenant, ReadOnlyMemory<byte> data) => new() { Tenant = tenant, Type = BetEvents.Bet, Data = data };

    internal static MappedEvent Void(string tenant, ReadOnlyMemory<byte> data) => new() { Tenant = tenant, Type = BetEvents.Void, Data = data };

    internal static MappedEvent Refused(EventRefusal refusal, string detail, string? tenant) => new() { Refusal = refusal, Detail = detail, Tenant = tenant };
}
