using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Community;

/// <summary>A share of an award for others than the one who dropped the pool, and how they are chosen. Whoever dropped it has the rest.</summary>
/// <param name="Share">Of the award.</param>
/// <param name="WinnersMax">At most so many share it, in equal parts.</param>
public abstract record CommunityPart(PartsPerMillion Share, int WinnersMax);

/// <summary>Drawn at random among those who contributed in the last hours.</summary>
public sealed record AmongActive(PartsPerMillion Share, int WinnersMax, int Hours) : CommunityPart(Share, WinnersMax);

/// <summary>Those who put most into this cycle.</summary>
public sealed record TopOfCycle(PartsPerMillion Share, int WinnersMax) : CommunityPart(Share, WinnersMax);

/// <summary>Those who put most into this pool since it exists.</summary>
public sealed record TopOfLifetime(PartsPerMillion Share, int WinnersMax) : CommunityPart(Share, WinnersMax);

/// <summary>What must be known of somebody to share. The key is a hash: who it is stays in the region.</summary>
public sealed record CommunityMember(Hash16 Player, Int128 CycleMicros, Int128 LifetimeMicros, long LastPlayedUnixMs);

/// <summary>What one player gets, and under which part; null for whoever dropped the pool.</summary>
public sealed record CommunityShare(Hash16 Player, long Micros, CommunityPart? Part);
