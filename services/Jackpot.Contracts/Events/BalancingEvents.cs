using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Events;

/// <summary>The books of a jackpot do not balance. One micro-unit is enough; the jackpot was paused if it was active.</summary>
/// <param name="Shard">Where it lives.</param>
/// <param name="JackpotId">The jackpot.</param>
/// <param name="Version">Of its state once it was paused; with the jackpot's id it names the incident.</param>
/// <param name="Paused">False when the jackpot was not active anyway.</param>
/// <param name="FoundAt">When.</param>
/// <param name="Differences">At least one.</param>
public sealed record BalancingIncident(
    string Shard, string JackpotId, long Version, bool Paused, DateTimeOffset FoundAt, IReadOnlyList<BalancingDifference> Differences);

/// <summary>Two figures that must be the same.</summary>
/// <param name="What">pool, increment, seed, reserve, overflow, contributions, contribution_count, day or awards.</param>
/// <param name="PoolId">The pool, when it is about one.</param>
/// <param name="Day">The day (UTC), when it is about one.</param>
/// <param name="Expected">What the entries add up to.</param>
/// <param name="Found">What is there.</param>
public sealed record BalancingDifference(
    string What,
    string? PoolId,
    DateOnly? Day,
    [property: JsonConverter(typeof(SignedMoneyJsonConverter))] Money Expected,
    [property: JsonConverter(typeof(SignedMoneyJsonConverter))] Money Found);

/// <summary>As <see cref="MoneyJsonConverter"/>, but the amount may be below zero: a faulty book can say anything.</summary>
public sealed class SignedMoneyJsonConverter : JsonConverter<Money>
{
    static readonly MoneyJsonConverter Plain = new();

    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var money = JsonDocument.ParseValue(ref reader);
        var amount = money.RootElement.GetProperty("amount").GetRawText();
        var negative = amount.StartsWith('-');
        var parsed = AmountText.TryParse(System.Text.Encoding.ASCII.GetBytes(negative ? amount[1..] : amount), out var micros);
        return parsed == AmountParse.Ok && Currency.TryParse(money.RootElement.GetProperty("currency").GetString(), out var currency)
            ? new Money(negative ? -micros : micros, currency)
            : throw new JsonException($"the amount or its currency cannot be read: {parsed}");
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => Plain.Write(writer, value, options);
}
