using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Streams.Refusals;

namespace Jackpot.Shard.Streams;

/// <summary>What a gateway could not hand on as a contribution, in the words of the shard.</summary>
internal static class GatewayRefusal
{
    public static readonly RefusedContribution TypeUnknown = new(Refusal.EventTypeUnknown, "this type of event is neither a contribution nor anything else that is known here");

    public static RefusedContribution Of(RefusedEvent refused) => new(refused.Why switch
    {
        EventRefusal.TenantUnknown => Refusal.TenantUnknown,
        EventRefusal.TenantElsewhere => Refusal.TenantElsewhere,
        EventRefusal.TypeUnknown => Refusal.EventTypeUnknown,
        EventRefusal.NotMapped => Refusal.EventNotMapped,
        _ => Refusal.MalformedJson,
    }, refused.Detail);
}
