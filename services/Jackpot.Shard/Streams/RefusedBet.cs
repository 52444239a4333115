using System.Buffers;
using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Streams.Refusals;

namespace Jackpot.Shard.Streams;

/// <summary>A bet on the dead letter topic: as it was sent, and why it was refused. Read it, mend what the problem names, publish it again.</summary>
internal static class RefusedBet
{
    public const string EventType = BetEvents.Refused;

    public static readonly RefusedContribution TypeUnknown = new(Refusal.EventTypeUnknown, "this type of event is neither a contribution nor anything else that is known here");

    /// <summary>What a gateway could not hand on as a contribution.</summary>
    public static RefusedContribution Of(RefusedEvent refused) => new(refused.Why switch
    {
        EventRefusal.TenantUnknown => Refusal.TenantUnknown,
        EventRefusal.TenantElsewhere => Refusal.TenantElsewhere,
        EventRefusal.TypeUnknown => Refusal.EventTypeUnknown,
        EventRefusal.NotMapped => Refusal.EventNotMapped,
        _ => Refusal.MalformedJson,
    }, refused.Detail);

    public static JsonElement ToJson(StreamedBet bet)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("problem"u8);
            Problem.For(bet.Refused!.Refusal).Write(json, bet.Refused.Detail, reason: bet.Refused.Reason);
            bet.Body.Write(json, "bet");
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
