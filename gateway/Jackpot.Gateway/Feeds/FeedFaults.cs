using Jackpot.Core.Amounts;
using Jackpot.Gateway.Regions;

namespace Jackpot.Gateway.Feeds;

/// <summary>Everything that is wrong with a feed's file. A feed that could take a bet twice, or for another tenant, is none that a gateway starts with.</summary>
static class FeedFaults
{
    const string KeyIsTheOperators =
        "must come from the operator's own fields: name one or more JSON pointers into the event. An id that Dapr makes is new at each publish, and would count a bet that is sent again twice";

    internal static IEnumerable<string> Of(FeedFile file, RegionDirectory directory) =>
        Where(file).Concat(Who(file, directory)).Concat(Types(file)).Concat(Units(file)).Concat(file.Bet is { } bet ? Bet(bet) : ["'bet' is missing: it says where the fields of a contribution come from"])
            .Concat(Rollback(file));

    static IEnumerable<string> Where(FeedFile file)
    {
        if (file.Source is null == file.Topic is null)
        {
            yield return "say either 'source', the CloudEvents source whose events on the topic 'bets' are this feed's, or 'topic', an own topic";
        }

        if (file.Topic is { } topic && (topic.Length == 0 || Contracts.Events.Topics.IsOfBets(topic)))
        {
            yield return $"'topic' is '{topic}', which the platform itself uses";
        }

        if (file is { RawPayload: true, Topic: null })
        {
            yield return "'raw_payload' needs an own 'topic': without an envelope there is no source to tell feeds apart by";
        }

        if (file is { RawPayload: true, Type: null })
        {
            yield return "'raw_payload' needs 'type': without an envelope the event's type stands in the event";
        }
    }

    static IEnumerable<string> Who(FeedFile file, RegionDirectory directory)
    {
        if (file.Tenants is not { Count: > 0 } tenants)
        {
            yield return "'tenants' is missing: the ids of the tenants that this feed may speak for";
            yield break;
        }

        foreach (var tenant in tenants.Where(tenant => directory.Find(tenant)?.ShardId is null))
        {
            yield return $"'tenants' names '{tenant}', which is no tenant of region {directory.Region}";
        }

        foreach (var fault in Field(file.Tenant, "tenant", isNeeded: true))
        {
            yield return fault;
        }

        var named = file.Tenant is { IsConstant: true } constant ? [constant.Value!] : file.Tenant?.Values?.Values ?? [];
        foreach (var tenant in named.Where(tenant => !tenants.Contains(tenant)))
        {
            yield return $"'tenant' can be '{tenant}', which is not among 'tenants'";
        }
    }

    static IEnumerable<string> Types(FeedFile file)
    {
        if (file.Bets is not { Count: > 0 })
        {
            yield return "'bets' is missing: the types of events that are bets";
        }

        var all = new[] { file.Bets, file.Wins, file.Rollbacks, file.Ignored }.SelectMany(types => types ?? []).ToList();
        foreach (var twice in all.GroupBy(type => type, StringComparer.Ordinal).Where(type => type.Count() > 1))
        {
            yield return $"the type '{twice.Key}' is named twice; it can mean one thing";
        }

        foreach (var fault in Field(file.Type, "type", isNeeded: false))
        {
            yield return fault;
        }
    }

    static IEnumerable<string> Units(FeedFile file)
    {
        if (file.Units is not { Count: > 0 } units)
        {
            yield return $"'units' is missing: in what amounts are counted, by currency or for '{MoneyUnit.Others}', one of {string.Join(", ", MoneyUnit.Names)}";
            yield break;
        }

        foreach (var (currency, unit) in units)
        {
            if (currency != MoneyUnit.Others && !Currency.TryParse(currency, out _))
            {
                yield return $"'units' names '{currency}', which is no ISO 4217 code";
            }

            if (!MoneyUnit.IsKnown(unit))
            {
                yield return $"'units' says '{unit}' for {currency}; it must be one of {string.Join(", ", MoneyUnit.Names)}";
            }
        }
    }

    static IEnumerable<string> Bet(BetRules bet)
    {
        foreach (var fault in Key(bet.IdempotencyKey, "bet.idempotency_key"))
        {
            yield return fault;
        }

        (string Name, FieldRule? Rule, bool IsNeeded)[] fields =
        [
            ("jp_contrib_id", bet.JpContribId, false), ("player_id", bet.PlayerId, true), ("game_id", bet.GameId, true), ("round_id", bet.RoundId, true),
            ("occurred_at", bet.OccurredAt, true), ("amount", bet.Amount, true), ("currency", bet.Currency, true), ("funding", bet.Funding, false),
            ("player_country", bet.PlayerCountry, false), ("pool_id", bet.PoolId, false), ("jackpot_id", bet.JackpotId, false),
        ];
        foreach (var fault in fields.SelectMany(field => Field(field.Rule, "bet." + field.Name, field.IsNeeded)))
        {
            yield return fault;
        }

        foreach (var fault in (bet.Sources ?? []).SelectMany(source => Field(source.Kind, "bet.sources[].kind", true).Concat(Field(source.Name, "bet.sources[].name", true))))
        {
            yield return fault;
        }

        if (new[] { bet.PoolId is not null, bet.JackpotId is not null, bet.Sources is { Count: > 0 } }.Count(said => said) != 1)
        {
            yield return "'bet' must say one of 'pool_id', 'jackpot_id' and 'sources': which jackpots a bet feeds";
        }
    }

    static IEnumerable<string> Rollback(FeedFile file)
    {
        if (file.Rollback is not { } rollback)
        {
            return file.Rollbacks is { Count: > 0 } ? ["'rollback' is missing: it says which bet a rollback takes back"] : [];
        }

        return Key(rollback.IdempotencyKey, "rollback.idempotency_key").Concat(Key(rollback.JpContribId, "rollback.jp_contrib_id"))
            .Concat(Field(rollback.Amount, "rollback.amount", false)).Concat(Field(rollback.Currency, "rollback.currency", rollback.Amount is not null))
            .Concat(Field(rollback.OccurredAt, "rollback.occurred_at", false));
    }

    static IEnumerable<string> Key(FieldRule? rule, string name) => rule is null ? [$"'{name}' is missing; it {KeyIsTheOperators}"]
        : rule.IsConstant || rule.Values is not null ? [$"'{name}' {KeyIsTheOperators}"]
        : Field(rule, name, isNeeded: true);

    static IEnumerable<string> Field(FieldRule? rule, string name, bool isNeeded)
    {
        if (rule is null)
        {
            return isNeeded ? [$"'{name}' is missing"] : [];
        }

        return rule.IsConstant == rule.Paths.Count > 0 ? [$"'{name}' must be a JSON pointer such as /bet/id, or an object with 'path', 'paths' or 'value'"]
            : rule.Paths.Where(path => path.Length < 2 || path[0] != '/').Select(path => $"'{name}' points at '{path}', which is no JSON pointer below the event such as /bet/id")
                .Concat(rule.Format is null or FeedField.UnixMilliseconds or FeedField.UnixSeconds ? [] : [$"'{name}' has format '{rule.Format}'; it can be {FeedField.UnixMilliseconds} or {FeedField.UnixSeconds}"]);
    }
}
