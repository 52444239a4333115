using System.Security.Cryptography;
using System.Text;
using Jackpot.Core.Chain;

namespace Jackpot.Shard.Players;

/// <summary>What stands for a player where nobody may know who it is: the owner of a personal pot, in its definition.</summary>
internal static class PlayerHash
{
    /// <summary>The first half of SHA-256 over <c>jackpot.player.v1</c>, the tenant and the player, each ended by a zero byte, which no id contains.</summary>
    public static Hash16 Of(string tenantId, string playerId)
    {
        var text = Encoding.UTF8.GetBytes($"jackpot.player.v1\0{tenantId}\0{playerId}\0");
        return new Hash16(SHA256.HashData(text).AsSpan(0, Hash16.Bytes));
    }
}
