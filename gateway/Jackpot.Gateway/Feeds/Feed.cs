using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Jackpot.Core.Amounts;
using Jackpot.Streams.Deliveries;
using Jackpot.Streams.Refusals;

namespace Jackpot.Gateway.Feeds;

/// <summary>One operator's events, and what they are to the platform. Built of a file that <see cref="FeedFaults"/> finds nothing wrong with.</summary>
sealed class Feed
{
    enum Meaning { Bet, Rollback, Ignored }

    readonly FrozenDictionary<string, Meaning> _types;
    readonly FrozenSet<string> _tenants;
    readonly FeedField _tenant;
    readonly FeedField? _type;
    readonly IReadOnlyDictionary<string, string> _units;
    readonly BetMapping _bet;
    readonly RollbackMapping? _rollback;

    internal Feed(string name, FeedFile file)
    {
        (Name, Source, Topic, IsRaw) = (name, file.Source, file.Topic, file.RawPayload);
        _types = new[] { (file.Bets, Meaning.Bet), (file.Rollbacks, Meaning.Rollback), (file.Wins, Meaning.Ignored), (file.Ignored, Meaning.Ignored) }
            .SelectMany(types => (types.Item1 ?? []).Select(type => (type, types.Item2))).ToFrozenDictionary(type => type.type, type => type.Item2, StringComparer.Ordinal);
        _tenants = file.Tenants!.ToFrozenSet(StringComparer.Ordinal);
        _tenant = new FeedField(file.Tenant!);
        _type = file.Type is { } type ? new FeedField(type) : null;
        _units = file.Units!;
        _bet = new BetMapping(file.Bet!, MicrosOf);
        _rollback = file.Rollback is { } rollback ? new RollbackMapping(rollback, MicrosOf) : null;
    }

    internal string Name { get; }

    /// <summary>The CloudEvents of this source on the topic of all bets are this feed's.</summary>
    internal string? Source { get; }

    /// <summary>A topic whose events are all this feed's.</summary>
    internal string? Topic { get; }

    /// <summary>Whether what comes on that topic has no envelope.</summary>
    internal bool IsRaw { get; }

    internal MappedEvent Read(StreamedEvent streamed)
    {
        var data = JsonElement.Parse(streamed.Data.Span);
        string? tenant = null;
        try
        {
            tenant = _tenant.Find(data);
            var type = _type is null ? streamed.Attributes.Type : _type.Find(data);
            if (type is null || !_types.TryGetValue(type, out var meaning))
            {
                return MappedEvent.Refused(EventRefusal.TypeUnknown, $"feed '{Name}' names its type neither among bets, wins and rollbacks nor among what is to be ignored", tenant);
            }

            return meaning == Meaning.Ignored ? MappedEvent.Ignored : Map(meaning, data, tenant);
        }
        catch (UnmappedException fault)
        {
            return MappedEvent.Refused(EventRefusal.NotMapped, $"feed '{Name}': {fault.Message}", tenant);
        }
    }

    MappedEvent Map(Meaning meaning, JsonElement data, string? tenant)
    {
        if (tenant is null || !_tenants.Contains(tenant))
        {
            return MappedEvent.Refused(EventRefusal.NotMapped, $"feed '{Name}' speaks for none of its tenants at {_tenant.Where}", null);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("tenant_id"u8, tenant);
            if (meaning == Meaning.Bet)
            {
                _bet.Write(json, data);
            }
            else
            {
                _rollback!.Write(json, data);
            }

            json.WriteEndObject();
        }

        return meaning == Meaning.Bet ? MappedEvent.Bet(tenant, buffer.WrittenMemory) : MappedEvent.Void(tenant, buffer.WrittenMemory);
    }

    long MicrosOf(ReadOnlySpan<byte> digits, string code)
    {
        if (!Currency.TryParse(code, out var currency))
        {
            throw new UnmappedException("its currency is no ISO 4217 code");
        }

        var unit = _units.GetValueOrDefault(code) ?? _units.GetValueOrDefault(MoneyUnit.Others) ?? throw new UnmappedException($"'units' names neither {code} nor '{MoneyUnit.Others}'");
        return AmountText.TryParseScaled(digits, MoneyUnit.ExponentOf(unit, currency), out var micros) switch
        {
            AmountParse.Ok => micros,
            AmountParse.Negative => throw new UnmappedException("its amount is negative"),
            AmountParse.TooManyDecimals => throw new UnmappedException($"its amount in {unit} has more than six decimals of a {code}"),
            AmountParse.TooLarge => throw new UnmappedException("its amount is larger than 10^12"),
            _ => throw new UnmappedException("its amount is no number"),
        };
    }
}

/// <summary>An amount in a feed's unit, as micro-units of the currency.</summary>
delegate long FeedAmount(ReadOnlySpan<byte> digits, string currency);
