using System.Text.Json;
using Jackpot.Core.Amounts;

namespace Jackpot.Shard.Contributions;

/// <summary>
/// Reads contributions off UTF-8 JSON without a document in between. Unknown fields are ignored; a field of the wrong JSON type is
/// remembered and refused by the validator, so that one bad item of a batch refuses that item only.
/// </summary>
internal static class ContributionReader
{
    const string Bet = "bet";

    /// <summary>Reads the object that <paramref name="json"/> stands on. Throws <see cref="JsonException"/> when it is no JSON object.</summary>
    public static ContributionRequest Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a contribution is a JSON object");
        }

        var request = new ContributionRequest();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadProperty(ref json, request);
        }

        return request;
    }

    static void ReadProperty(ref Utf8JsonReader json, ContributionRequest request)
    {
        if (json.ValueTextEquals("jp_contrib_id"u8))
        {
            request.ContributionId = Text(ref json, request, "jp_contrib_id");
        }
        else if (json.ValueTextEquals("tenant_id"u8))
        {
            request.TenantId = Text(ref json, request, "tenant_id");
        }
        else if (json.ValueTextEquals("pool_id"u8))
        {
            request.PoolId = Text(ref json, request, "pool_id");
        }
        else if (json.ValueTextEquals("jackpot_id"u8))
        {
            request.JackpotId = Text(ref json, request, "jackpot_id");
        }
        else if (json.ValueTextEquals("player_id"u8))
        {
            request.PlayerId = Text(ref json, request, "player_id");
        }
        else if (json.ValueTextEquals("game_id"u8))
        {
            request.GameId = Text(ref json, request, "game_id");
        }
        else if (json.ValueTextEquals("round_id"u8))
        {
            request.RoundId = Text(ref json, request, "round_id");
        }
        else if (json.ValueTextEquals("idempotency_key"u8))
        {
            request.IdempotencyKey = Text(ref json, request, "idempotency_key");
        }
        else if (json.ValueTextEquals("occurred_at"u8))
        {
            request.OccurredAt = Text(ref json, request, "occurred_at");
        }
        else if (json.ValueTextEquals("bet"u8))
        {
            request.Bet = Amount(ref json, request, Bet);
        }
        else if (json.ValueTextEquals("contrib"u8))
        {
            request.Contribution = Amount(ref json, request, "contrib");
        }
        else if (json.ValueTextEquals("player_country"u8))
        {
            request.PlayerCountry = Text(ref json, request, "player_country");
        }
        else if (json.ValueTextEquals("segments"u8))
        {
            request.Segments = Segments(ref json, request);
        }
        else if (json.ValueTextEquals("sources"u8))
        {
            request.Sources = Sources(ref json, request);
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    /// <summary>Reads one element more than allowed and no further, so that a long list costs no more than a list that is just too long.</summary>
    static List<string?>? Segments(ref Utf8JsonReader json, ContributionRequest request)
    {
        if (!StartsArray(ref json, request, "segments"))
        {
            return null;
        }

        var segments = new List<string?>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.String)
            {
                request.WrongTypeField ??= "segments[]";
                json.Skip();
            }
            else if (segments.Count <= ContributionValidator.SegmentsMax)
            {
                segments.Add(json.GetString());
            }
        }

        return segments;
    }

    static List<WireSource>? Sources(ref Utf8JsonReader json, ContributionRequest request)
    {
        if (!StartsArray(ref json, request, "sources"))
        {
            return null;
        }

        var sources = new List<WireSource>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                request.WrongTypeField ??= "sources[]";
                json.Skip();
                continue;
            }

            var source = OneSource(ref json, request);
            if (sources.Count <= ContributionValidator.SourcesMax)
            {
                sources.Add(source);
            }
        }

        return sources;
    }

    static WireSource OneSource(ref Utf8JsonReader json, ContributionRequest request)
    {
        string? kind = null, name = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("kind"u8))
            {
                kind = Text(ref json, request, "sources[].kind");
            }
            else if (json.ValueTextEquals("name"u8))
            {
                name = Text(ref json, request, "sources[].name");
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new WireSource(kind, name);
    }

    static bool StartsArray(ref Utf8JsonReader json, ContributionRequest request, string field)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.Null)
        {
            return json.TokenType == JsonTokenType.StartArray;
        }

        request.WrongTypeField ??= field;
        json.Skip();
        return false;
    }

    static string? Text(ref Utf8JsonReader json, ContributionRequest request, string field)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return json.GetString();
            case JsonTokenType.Null:
                return null;
            default:
                request.WrongTypeField ??= field;
                json.Skip();
                return null;
        }
    }

    static WireMoney Amount(ref Utf8JsonReader json, ContributionRequest request, string field)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return default;
        }

        var money = new WireMoney { IsPresent = true, Fault = AmountParse.Empty };
        if (json.TokenType != JsonTokenType.StartObject)
        {
            request.WrongTypeField ??= field;
            json.Skip();
            return money;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("amount"u8))
            {
                ReadAmount(ref json, ref money);
            }
            else if (json.ValueTextEquals("currency"u8))
            {
                money.Currency = Text(ref json, request, field + ".currency");
            }
            else if (field == Bet && json.ValueTextEquals("funding"u8))
            {
                request.Funding = Text(ref json, request, "bet.funding");
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return money;
    }

    /// <summary>A JSON number is parsed from its own digits, never through a binary float. A string is not a number, even "2.00".</summary>
    static void ReadAmount(ref Utf8JsonReader json, ref WireMoney money)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number)
        {
            money.Fault = AmountText.TryParse(json.ValueSpan, out money.Micros);
        }
        else
        {
            money.Fault = json.TokenType == JsonTokenType.String && json.ValueSpan.IsEmpty ? AmountParse.Empty : AmountParse.NotANumber;
            json.Skip();
        }
    }
}
