using System.Text.Json;
using Jackpot.Core.Amounts;

namespace Jackpot.Gateway.Feeds;

/// <summary>Writes a bet as the body of a contribution.</summary>
sealed class BetMapping(BetRules rules, FeedAmount micros)
{
    readonly (string Name, FeedField Field)[] _texts =
    [
        .. new[]
        {
            ("jp_contrib_id", rules.JpContribId ?? rules.IdempotencyKey), ("idempotency_key", rules.IdempotencyKey), ("player_id", rules.PlayerId), ("game_id", rules.GameId),
            ("round_id", rules.RoundId), ("occurred_at", rules.OccurredAt), ("pool_id", rules.PoolId), ("jackpot_id", rules.JackpotId),
        }.Where(rule => rule.Item2 is not null).Select(rule => (rule.Item1, new FeedField(rule.Item2!))),
    ];

    readonly (FeedField Kind, FeedField Name)[] _sources = [.. (rules.Sources ?? []).Select(source => (new FeedField(source.Kind), new FeedField(source.Name)))];
    readonly FeedField _amount = new(rules.Amount!);
    readonly FeedField _currency = new(rules.Currency!);
    readonly FeedField? _funding = rules.Funding is { } funding ? new FeedField(funding) : null;
    readonly FeedField? _country = rules.PlayerCountry is { } country ? new FeedField(country) : null;

    internal void Write(Utf8JsonWriter json, JsonElement data)
    {
        foreach (var (name, field) in _texts)
        {
            json.WriteString(name, field.Read(data));
        }

        if (_country?.Find(data) is { } country)
        {
            json.WriteString("player_country"u8, country);
        }

        if (_sources.Length > 0)
        {
            json.WriteStartArray("sources"u8);
            foreach (var (kind, name) in _sources)
            {
                json.WriteStartObject();
                json.WriteString("kind"u8, kind.Read(data));
                json.WriteString("name"u8, name.Read(data));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("bet"u8);
        MoneyFields.Write(json, data, _amount, _currency, micros);
        if (_funding?.Find(data) is { } funding)
        {
            json.WriteString("funding"u8, funding);
        }

        json.WriteEndObject();
    }
}

/// <summary>Writes a rollback as the body of a void.</summary>
sealed class RollbackMapping(RollbackRules rules, FeedAmount micros)
{
    readonly FeedField _id = new(rules.JpContribId!);
    readonly FeedField _key = new(rules.IdempotencyKey!);
    readonly FeedField? _amount = rules.Amount is { } amount ? new FeedField(amount) : null;
    readonly FeedField? _currency = rules.Currency is { } currency ? new FeedField(currency) : null;
    readonly FeedField? _at = rules.OccurredAt is { } at ? new FeedField(at) : null;

    internal void Write(Utf8JsonWriter json, JsonElement data)
    {
        json.WriteString("jp_contrib_id"u8, _id.Read(data));
        json.WriteString("idempotency_key"u8, _key.Read(data));
        if (_at?.Find(data) is { } at)
        {
            json.WriteString("occurred_at"u8, at);
        }

        // Without an amount all of the stake is taken back.
        if (_amount?.Find(data) is not null)
        {
            json.WriteStartObject("amount"u8);
            MoneyFields.Write(json, data, _amount, _currency!, micros);
            json.WriteEndObject();
        }
    }
}

static class MoneyFields
{
    internal static void Write(Utf8JsonWriter json, JsonElement data, FeedField amount, FeedField currency, FeedAmount micros)
    {
        Span<byte> text = stackalloc byte[AmountText.Utf8BytesMax];
        var code = currency.Read(data);
        var length = AmountText.Format(micros(amount.Digits(data), code), text);
        json.WritePropertyName("amount"u8);
        json.WriteRawValue(text[..length], skipInputValidation: true);
        json.WriteString("currency"u8, code);
    }
}
