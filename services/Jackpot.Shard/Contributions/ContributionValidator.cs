using System.Globalization;
using Jackpot.Core.Amounts;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Storage.Dedupe;

namespace Jackpot.Shard.Contributions;

/// <summary>Checks a contribution in a fixed order and turns it into one that can be recorded. The first fault found is the answer.</summary>
internal sealed class ContributionValidator(
    TenantDirectory tenants, JackpotDirectory jackpots, ShardOptions options, DedupeWindows windows, TimeProvider clock)
{
    /// <summary>Longest id or key that is taken, in characters.</summary>
    public const int IdLengthMax = 200;

    const long ParityNanos = 1_000_000_000;

    /// <summary>Returns the contribution ready to record, or the fault that refuses it.</summary>
    public RefusedContribution? Check(ContributionRequest request, string tenantId, out AcceptedContribution accepted)
    {
        accepted = default;
        return Text(request)
            ?? Tenant(request, tenantId)
            ?? Money(request.Bet, "bet")
            ?? (request.Contribution.IsPresent ? Money(request.Contribution, "contrib") : null)
            ?? OccurredAt(request, out var occurredAt)
            ?? Jackpot(request, tenantId, out var jackpot)
            ?? Stake(request.Bet, jackpot!, out var stake, out var rate)
            ?? Contribution(request.Contribution, jackpot!, stake)
            ?? Accept(request, jackpot!, stake, rate, occurredAt, out accepted);
    }

    static RefusedContribution? Text(ContributionRequest request)
    {
        if (request.WrongTypeField is { } field)
        {
            return new(Refusal.FieldInvalid, $"'{field}' has another JSON type than expected; see /openapi/v1.json");
        }

        return Id(request.ContributionId, "jp_contrib_id") ?? Id(request.TenantId, "tenant_id") ?? Id(request.PlayerId, "player_id")
            ?? Id(request.GameId, "game_id") ?? Id(request.RoundId, "round_id") ?? Id(request.IdempotencyKey, "idempotency_key")
            ?? Id(request.OccurredAt, "occurred_at") ?? Id(request.PoolId ?? request.JackpotId, "pool_id");
    }

    /// <summary>What is wrong with an id that a caller gave, or null.</summary>
    internal static RefusedContribution? Id(string? value, string field)
    {
        if (string.IsNullOrEmpty(value))
        {
            return new(Refusal.FieldMissing, $"'{field}' is missing or empty; send 1 to {IdLengthMax} characters");
        }

        if (value.Length > IdLengthMax)
        {
            return new(Refusal.FieldTooLong, $"'{field}' has {value.Length} characters; at most {IdLengthMax} are taken");
        }

        // A control character would let a caller forge log lines; half of a surrogate pair has no UTF-8 form.
        return HasControl(value) || (value.AsSpan().ContainsAnyInRange('\ud800', '\udfff') && HasLoneSurrogate(value))
            ? new(Refusal.FieldInvalid, $"'{field}' holds a control character or half of a surrogate pair")
            : null;
    }

    static bool HasControl(ReadOnlySpan<char> value) => value.ContainsAnyInRange('\0', '\u001f') || value.ContainsAnyInRange('\u007f', '\u009f');

    static bool HasLoneSurrogate(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && !(i + 1 < value.Length && char.IsSurrogatePair(value[i], value[++i])))
            {
                return true;
            }
        }

        return false;
    }

    static RefusedContribution? Tenant(ContributionRequest request, string tenantId) =>
        request.TenantId == tenantId
            ? null
            : new(Refusal.TenantMismatch, "the body's 'tenant_id' is not the tenant of the request (X-Tenant-Id)");

    RefusedContribution? Money(WireMoney money, string field)
    {
        var fault = money.IsPresent ? money.Fault : AmountParse.Empty;
        if (fault != AmountParse.Ok)
        {
            return Amount(fault, field + ".amount");
        }

        return money.Currency is { } code && tenants.PlaysIn(code)
            ? null
            : new(Refusal.CurrencyUnknown, $"'{field}.currency' is not a currency of this region");
    }

    static RefusedContribution Amount(AmountParse fault, string field) => fault switch
    {
        AmountParse.Negative => new(Refusal.AmountNegative, $"'{field}' is negative; send zero or more"),
        AmountParse.TooManyDecimals => new(Refusal.AmountTooPrecise, $"'{field}' has more than six decimals; amounts are exact to 0.000001"),
        AmountParse.TooLarge => new(Refusal.AmountTooLarge, $"'{field}' is larger than 1000000000000"),
        _ => new(Refusal.AmountInvalid, $"'{field}' is missing or not a JSON number such as 2.00"),
    };

    RefusedContribution? OccurredAt(ContributionRequest request, out DateTimeOffset occurredAt)
    {
        if (!DateTimeOffset.TryParse(request.OccurredAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out occurredAt))
        {
            return new(Refusal.FieldInvalid, "'occurred_at' is not an RFC 3339 time such as 2026-01-31T12:00:00Z");
        }

        var now = clock.GetUtcNow();
        if (occurredAt < windows.Current.ForgottenBefore)
        {
            // The limit was raised after keys of that time had been dropped; taken now, the bet might be taken twice.
            return new(Refusal.OccurredAtOutsideWindow, $"'occurred_at' must not lie before {windows.Current.ForgottenBefore:O}; this shard no longer knows the keys of that time");
        }

        return occurredAt >= now - options.OccurredAtPastMax && occurredAt <= now + options.OccurredAtFutureMax
            ? null
            : new(Refusal.OccurredAtOutsideWindow,
                $"'occurred_at' must lie at most {options.OccurredAtPastMax} in the past and {options.OccurredAtFutureMax} in the future");
    }

    RefusedContribution? Jackpot(ContributionRequest request, string tenantId, out JackpotEntry? jackpot)
    {
        jackpot = request.PoolId is { } pool ? jackpots.ByPool(pool) : jackpots.ByJackpot(request.JackpotId!);
        return jackpot is not null && jackpot.IsFedBy(tenantId)
            ? null
            : new(Refusal.PoolUnknown, "no pool or jackpot of that id is open to this tenant");
    }

    RefusedContribution? Stake(WireMoney bet, JackpotEntry jackpot, out long stakeMicros, out FxRate? rate)
    {
        stakeMicros = bet.Micros;
        rate = null;
        var home = jackpot.Config.Currency;
        if (bet.Currency == home.Code)
        {
            return null;
        }

        rate = tenants.RateBetween(bet.Currency!, home.Code);
        if (rate is null)
        {
            return new(Refusal.CurrencyWithoutRate, $"no rate is configured from {bet.Currency} to {home.Code}");
        }

        var converted = (UInt128)bet.Micros * (ulong)rate.RateNanos / ParityNanos;
        if (converted > AmountText.MicrosMax)
        {
            return Amount(AmountParse.TooLarge, "bet.amount");
        }

        stakeMicros = rate.Convert(new Money(bet.Micros, rate.From)).Micros;
        return null;
    }

    /// <summary>A contribution that the caller names is checked against the configured rate, never believed.</summary>
    static RefusedContribution? Contribution(WireMoney named, JackpotEntry jackpot, long stakeMicros)
    {
        if (!named.IsPresent)
        {
            return null;
        }

        var home = jackpot.Config.Currency.Code;
        var expected = jackpot.Config.TotalRate.FloorOf(stakeMicros);
        return named.Currency == home && named.Micros == expected
            ? null
            : new(Refusal.ContributionMismatch, $"'contrib' must be {AmountText.Format(expected)} {home}, what the configured rate gives of this bet; or leave it out");
    }

    RefusedContribution? Accept(
        ContributionRequest request, JackpotEntry jackpot, long stake, FxRate? rate, DateTimeOffset occurredAt, out AcceptedContribution accepted)
    {
        accepted = new AcceptedContribution
        {
            Jackpot = jackpot.Number,
            Key16 = ContributionHash.Key(request.TenantId!, request.IdempotencyKey!),
            Body16 = ContributionHash.Body(request, jackpot.Config.Id.Value, occurredAt),
            StakeMicros = stake,
            BetMicros = request.Bet.Micros,
            BetCurrency = request.Bet.Currency!,
            RateNanos = rate?.RateNanos ?? ParityNanos,
            RateVersion = rate?.Version ?? 0,
            OccurredAtTicks = occurredAt.UtcTicks,
            ReceivedAtTicks = clock.GetUtcNow().UtcTicks,
            TenantId = request.TenantId!,
            ContributionId = request.ContributionId!,
            PlayerId = request.PlayerId!,
            GameId = request.GameId!,
            RoundId = request.RoundId!,
        };
        return null;
    }
}

/// <summary>Why one contribution is not recorded; <paramref name="Detail"/> goes to the caller.</summary>
internal sealed record RefusedContribution(Refusal Refusal, string Detail);
