using System.Text.Json;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Contributions;

/// <summary>The JSON of one recorded contribution. A repeated request gets the very same bytes, so nothing here depends on when it is asked.</summary>
internal static class ContributionAnswer
{
    public static void Write(Utf8JsonWriter json, string contributionId, JackpotEntry jackpot, RecordedContribution recorded)
    {
        var config = jackpot.Config;
        json.WriteStartObject();
        json.WriteString("jp_contrib_id"u8, contributionId);
        json.WriteString("status"u8, "accepted"u8);
        json.WriteString("jackpot_id"u8, config.Id.Value);
        json.WriteNumber("sequence"u8, recorded.Sequence);
        WriteMoney(json, "contribution"u8, recorded.ContributionMicros, config.Currency);
        json.WriteStartArray("pools"u8);
        for (var tier = 0; tier < recorded.Pools.Length; tier++)
        {
            json.WriteStartObject();
            json.WriteString("pool_id"u8, config.Pools[tier].Id.Value);
            json.WriteNumber("cycle"u8, recorded.Pools[tier].Cycle);
            WriteMoney(json, "amount"u8, recorded.Pools[tier].AmountMicros, config.Currency);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (recorded.Awards.Length > 0)
        {
            WriteAwards(json, jackpot, recorded.Awards);
        }

        json.WriteEndObject();
    }

    /// <summary>The answer to one part of a request, or to a request that reaches one jackpot: accepted, held, refused, or not asked.</summary>
    public static void Write(Utf8JsonWriter json, string contributionId, ContributionPart part)
    {
        if (part.Recorded is { Kind: RecordedKind.Accepted or RecordedKind.Duplicate } recorded)
        {
            Write(json, contributionId, part.Jackpot, recorded);
            return;
        }

        var refused = part.Refusal;
        json.WriteStartObject();
        json.WriteString("jp_contrib_id"u8, contributionId);
        json.WriteString("status"u8, refused is not null ? "refused"u8 : part.Takes ? "held"u8 : "not_asked"u8);
        json.WriteString("jackpot_id"u8, part.Jackpot.Config.Id.Value);
        if (refused is not null)
        {
            json.WritePropertyName("problem"u8);
            Problem.For(refused.Refusal).Write(json, refused.Detail, reason: refused.Reason);
        }
        else if (part.Takes)
        {
            json.WriteString("reason"u8, WireNames.Of(part.Held));
        }

        json.WriteEndObject();
    }

    /// <summary>The answers of all parts, as in a batch.</summary>
    public static void WriteParts(Utf8JsonWriter json, ContributionRouting routing)
    {
        json.WriteStartArray("results"u8);
        foreach (var part in routing.Parts)
        {
            Write(json, routing.ContributionId, part);
        }

        json.WriteEndArray();
    }

    static void WriteAwards(Utf8JsonWriter json, JackpotEntry jackpot, WonAward[] awards)
    {
        json.WriteStartArray("awards"u8);
        foreach (var award in awards)
        {
            json.WriteStartObject();
            json.WriteString("award_id"u8, award.AwardId);
            json.WriteString("pool_id"u8, jackpot.Config.Pools[award.Tier].Id.Value);
            WriteMoney(json, "amount"u8, award.AmountMicros, jackpot.Config.Currency);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteMoney(Utf8JsonWriter json, ReadOnlySpan<byte> name, long micros, Currency currency)
    {
        Span<byte> amount = stackalloc byte[AmountText.Utf8BytesMax];
        var length = AmountText.Format(micros, amount);
        json.WriteStartObject(name);
        json.WritePropertyName("amount"u8);
        json.WriteRawValue(amount[..length], skipInputValidation: true);
        json.WriteString("currency"u8, currency.Code);
        json.WriteEndObject();
    }
}
