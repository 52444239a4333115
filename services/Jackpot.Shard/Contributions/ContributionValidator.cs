using Jackpot.Contracts.Instants;
using Jackpot.Core.Amounts;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Links;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Texts;
using Jackpot.ServiceDefaults.Json;
using Jackpot.Shard.Players;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Contributions;

/// <summary>Checks a contribution in a fixed order and turns it into one that can be recorded. The first fault found is the answer.</summary>
internal sealed class ContributionValidator(
    TenantDirectory tenants, JackpotDirectory jackpots, Participation participation, ShardOptions options, DedupeWindows windows, TimeProvider clock)
{
    /// <summary>Longest id or key that is taken, in characters.</summary>
    public const int IdLengthMax = 200;

    /// <summary>Most segments that a bet may name.</summary>
    public const int SegmentsMax = 32;

    /// <summary>Most sources that a bet may name.</summary>
    public const int SourcesMax = 16;

    const int SegmentLengthMax = 64;
    const int CountryLength = 2;
    const long ParityNanos = 1_000_000_000;

    /// <summary>
    /// Returns the contribution ready to record, or the fault that refuses it, or <see cref="RefusedContribution.SlowPath"/> when more must be
    /// read than memory holds, or more than one jackpot is reached.
    /// </summary>
    public RefusedContribution? Check(ContributionRequest request, string tenantId, out AcceptedContribution accepted)
    {
        accepted = default;
        if (CheckBody(request, tenantId, out var occurredAt) is { } fault)
        {
            return fault;
        }

        if (request.Sources is { Count: > 0 })
        {
            return RefusedContribution.SlowPath;
        }

        return Jackpot(request, tenantId, out var jackpot)
            ?? (jackpot!.Terms.Links.IsEmpty ? null : RefusedContribution.SlowPath)
            ?? CheckAt(request, jackpot!, occurredAt, null, request.Contribution, out accepted);
    }

    /// <summary>Everything that does not depend on the jackpot.</summary>
    public RefusedContribution? CheckBody(ContributionRequest request, string tenantId, out DateTimeOffset occurredAt)
    {
        occurredAt = default;
        return Text(request)
            ?? Tenant(request, tenantId)
            ?? Money(request.Bet, "bet")
            ?? Funding(request.Funding)
            ?? (request.Contribution.IsPresent ? Money(request.Contribution, "contrib") : null)
            ?? OccurredAt(request, out occurredAt);
    }

    /// <summary>The jackpot that the request names, when it is open to the tenant.</summary>
    public RefusedContribution? Jackpot(ContributionRequest request, string tenantId, out JackpotEntry? jackpot)
    {
        jackpot = Named(request);
        return jackpot is not null && jackpot.IsFedBy(tenantId)
            ? null
            : new(Refusal.PoolUnknown, "no pool or jackpot of that id is open to this tenant");
    }

    /// <summary>The jackpot that the request names, open or not.</summary>
    public JackpotEntry? Named(ContributionRequest request) =>
        request.PoolId is { } pool ? jackpots.ByPool(pool) : request.JackpotId is { } id ? jackpots.ByJackpot(id) : null;

    /// <summary>Everything that depends on the jackpot. What protects the player comes first.</summary>
    /// <param name="request">A request that <see cref="CheckBody"/> has passed.</param>
    /// <param name="jackpot">One of the jackpots that it reaches.</param>
    /// <param name="occurredAt">Its time.</param>
    /// <param name="consents">Consents that were just read, or null for those that are remembered.</param>
    /// <param name="contribution">What the caller says that the bet gives to this jackpot; absent when they do not say.</param>
    /// <param name="accepted">The contribution under the request's own key.</param>
    public RefusedContribution? CheckAt(
        ContributionRequest request, JackpotEntry jackpot, DateTimeOffset occurredAt, Dictionary<OptInKey, Consent>? consents, WireMoney contribution,
        out AcceptedContribution accepted)
    {
        accepted = default;
        return Eligible(request, jackpot, consents)
            ?? Stake(request.Bet, jackpot, out var stake, out var rate)
            ?? Contribution(contribution, jackpot, stake)
            ?? Accept(request, jackpot, stake, rate, occurredAt, out accepted);
    }

    /// <summary>Key, body and jackpot of a request, without the rest: enough to find what was stored of it.</summary>
    public AcceptedContribution Identify(ContributionRequest request, JackpotEntry jackpot, DateTimeOffset occurredAt)
    {
        Accept(request, jackpot, 0, null, occurredAt, out var identified);
        return identified;
    }

    public static BetFacts FactsOf(ContributionRequest request) => new(
        request.TenantId!, request.PlayerId!, request.GameId!, request.PlayerCountry,
        request.Segments is { Count: > 0 } segments ? [.. segments!] : [], request.Bet.Micros, request.Bet.Currency!, FundingOf(request));

    /// <summary>What money the bet was made with, of a request that has passed.</summary>
    static BetFunding FundingOf(ContributionRequest request) => request.Funding is null ? BetFunding.Cash : WireNames.Parse<BetFunding>(request.Funding);

    static RefusedContribution? Text(ContributionRequest request)
    {
        if (request.Unreadable is { IsFault: true } fault)
        {
            return new(JsonRefusal.Of(fault), fault.Detail);
        }

        if (request.WrongTypeField is { } field)
        {
            return new(Refusal.FieldInvalid, $"'{field}' has another JSON type than expected; see /openapi/v1.json");
        }

        return Id(request.ContributionId, "jp_contrib_id") ?? Id(request.TenantId, "tenant_id") ?? Id(request.PlayerId, "player_id")
            ?? Id(request.GameId, "game_id") ?? Id(request.RoundId, "round_id") ?? Id(request.IdempotencyKey, "idempotency_key")
            ?? Id(request.OccurredAt, "occurred_at") ?? Target(request) ?? Player(request.PlayerCountry, request.Segments);
    }

    static RefusedContribution? Target(ContributionRequest request)
    {
        if (request.Sources is not { Count: > 0 } sources)
        {
            return Id(request.PoolId ?? request.JackpotId, "pool_id");
        }

        if (request.Contribution.IsPresent)
        {
            return new(Refusal.FieldInvalid, "'contrib' cannot be checked against several jackpots; leave it out with 'sources'");
        }

        if (request.PoolId is not null || request.JackpotId is not null)
        {
            return new(Refusal.FieldInvalid, "'sources' finds the jackpots; send it without 'pool_id' and 'jackpot_id'");
        }

        if (sources.Count > SourcesMax)
        {
            return new(Refusal.FieldTooLong, $"'sources' has more than {SourcesMax} entries");
        }

        foreach (var source in sources)
        {
            if ((Id(source.Kind, "sources[].kind") ?? Id(source.Name, "sources[].name")) is { } fault)
            {
                return fault;
            }

            if (SourceOf(source) is null)
            {
                return new(Refusal.FieldInvalid, $"'sources[].kind' must be one of {SourceKinds}");
            }
        }

        return null;
    }

    static readonly string SourceKinds = string.Join(", ", Enum.GetValues<SourceKind>().Select(WireNames.Of));

    /// <summary>The source as the map knows it; null when there is no such kind.</summary>
    public static Source? SourceOf(WireSource source) => WireNames.TryParse<SourceKind>(source.Kind, out var kind) ? new Source(kind, source.Name!) : null;

    /// <summary>What is wrong with what an operator says about a player, or null. <paramref name="at"/> is put before the field's name.</summary>
    internal static RefusedContribution? Player(string? playerCountry, IReadOnlyList<string?>? playerSegments, string at = "")
    {
        if (playerCountry is { } country && !(country.Length == CountryLength && country.All(char.IsAsciiLetterUpper)))
        {
            return new(Refusal.FieldInvalid, $"'{at}player_country' is not an ISO 3166 code of two capital letters such as MT");
        }

        if (playerSegments is not { } segments)
        {
            return null;
        }

        if (segments.Count > SegmentsMax)
        {
            return new(Refusal.FieldTooLong, $"'{at}segments' has more than {SegmentsMax} entries");
        }

        foreach (var segment in segments)
        {
            if ((segment?.Length > SegmentLengthMax ? new(Refusal.FieldTooLong, $"'{at}segments[]' has more than {SegmentLengthMax} characters") : Id(segment, at + "segments[]")) is { } fault)
            {
                return fault;
            }
        }

        return null;
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

    static readonly string FundingNames = string.Join(", ", Enum.GetValues<BetFunding>().Select(WireNames.Of));

    static RefusedContribution? Funding(string? funding) => funding is null || WireNames.TryParse<BetFunding>(funding, out _)
        ? null
        : new(Refusal.FieldInvalid, $"'bet.funding' must be one of {FundingNames}, or left out for cash");

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
        if (!Rfc3339.TryParse(request.OccurredAt, out occurredAt))
        {
            return new(Refusal.FieldInvalid, $"'occurred_at' is not {Rfc3339.Expected}");
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

    /// <summary>A plain jackpot is asked for nothing but the player's standing.</summary>
    RefusedContribution? Eligible(ContributionRequest request, JackpotEntry jackpot, Dictionary<OptInKey, Consent>? consents)
    {
        var reason = participation.Check(FactsOf(request), jackpot, consents, out var consentMissing);
        return consentMissing ? RefusedContribution.SlowPath : reason is { } against ? RefusedContribution.NotEligible(against) : null;
    }

    /// <summary>The bet in the jackpot's currency.</summary>
    public RefusedContribution? Stake(WireMoney bet, JackpotEntry jackpot, out long stakeMicros, out FxRate? rate)
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

        var converted = rate.MicrosOf(bet.Micros);
        if (converted > AmountText.MicrosMax)
        {
            return Amount(AmountParse.TooLarge, "bet.amount");
        }

        stakeMicros = (long)converted;
        return null;
    }

    /// <summary>A contribution that the caller names is checked against the configured rate, never taken for true.</summary>
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
            Id16 = ContributionHash.Id(request),
            Body16 = ContributionHash.Body(request, jackpot.Config.Id.Value, occurredAt),
            StakeMicros = stake,
            BetMicros = request.Bet.Micros,
            BetCurrency = request.Bet.Currency!,
            Funding = FundingOf(request),
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
