using Jackpot.Core.Network;

namespace Jackpot.Contracts.Network;

/// <summary>What may leave a region, and nothing else: a closed set, each of a shape that has no room for a player, a round, a game or free text.</summary>
public abstract record NetworkMessage
{
    private protected NetworkMessage()
    {
    }

    /// <summary>The type and version that its envelope names, for example <c>jp.network.delta.v1</c>.</summary>
    public abstract string Type { get; }
}

/// <summary>A feeder's entries.</summary>
public sealed record DeltaMessage(Delta Delta) : NetworkMessage
{
    public const string TypeName = "jp.network.delta.v1";

    public override string Type => TypeName;
}

/// <summary>Home's amounts and how far it has counted.</summary>
public sealed record StateMessage(NetworkState State) : NetworkMessage
{
    public const string TypeName = "jp.network.state.v1";

    public override string Type => TypeName;
}

/// <summary>Home asks for entries.</summary>
public sealed record RangeMessage(RangeRequest Request) : NetworkMessage
{
    public const string TypeName = "jp.network.range.v1";

    public override string Type => TypeName;
}
