using System.Text;
using Jackpot.Gateway.Feeds;
using Jackpot.Gateway.Regions;
using Jackpot.Streams.Deliveries;
using Jackpot.Streams.Refusals;
using Jackpot.TestKit;

namespace Jackpot.Gateway.Tests.Feeds;

/// <summary>What the example feeds in regions/ make of their operators' events, to the character.</summary>
public sealed class FeedTests
{
    static readonly string Regions = Path.Combine(RepositoryFolder.Root, "regions");

    static readonly Feed Aurora = Load("eu-mt", "eu-mt-1", "eu-mt-2").OfSource("aurora/wallet")!;
    static readonly Feed Nimbus = Assert.Single(Load("uk-gb", "uk-gb-1").OwnTopics);

    static FeedDirectory Load(string region, params string[] shards) => FeedDirectory.Load(
        Regions, RegionDirectory.Load(new GatewayOptions { Region = region, RegionsPath = Regions, Shards = shards.ToDictionary(shard => shard, _ => "http://shard.example") }));

    static string AuroraBet(string amount = "250", string currency = "EUR", string account = "REAL") => $$"""
        {"operator":"AURORA-MT","transaction":{"id":"T-1","at":1767225600123,"amount":{{amount}},"currency":"{{currency}}","account":"{{account}}"},
         "player":{"ref":"p-7","country":"MT"},"game":{"code":"g-1","round":77} }
        """;

    [Fact]
    public void A_bet_in_minor_units_becomes_a_contribution()
    {
        var mapped = Read(Aurora, AuroraBet(), "aurora.bet.placed");
        Assert.Equal(("brand-42", "jp.bet"), (mapped.Tenant, mapped.Type));
        Assert.Equal(
            """{"tenant_id":"brand-42","jp_contrib_id":"T-1","idempotency_key":"T-1","player_id":"p-7","game_id":"g-1","round_id":"77","occurred_at":"2026-01-01T00:00:00.123Z","jackpot_id":"euro-spins","player_country":"MT","bet":{"amount":2.50,"currency":"EUR","funding":"cash"}}""",
            Text(mapped));
    }

    [Fact]
    public void A_cancelled_bet_becomes_a_void_of_it()
    {
        var mapped = Read(Aurora, """{"operator":"AURORA-MT","transaction":{"id":"T-9","reverses":"T-1","at":1767225601000,"amount":100,"currency":"EUR"}}""", "aurora.bet.cancelled");
        Assert.Equal(("brand-42", "jp.void"), (mapped.Tenant, mapped.Type));
        Assert.Equal(
            """{"tenant_id":"brand-42","jp_contrib_id":"T-1","idempotency_key":"T-9","occurred_at":"2026-01-01T00:00:01.000Z","amount":{"amount":1.00,"currency":"EUR"}}""",
            Text(mapped));
    }

    [Fact]
    public void A_bare_bet_named_by_its_round_and_leg_becomes_a_contribution()
    {
        var mapped = Read(Nimbus, """{"kind":"STAKE","brand":7,"round":"r:1","leg":2,"customer":"c-1","title":"g-2","at":"2026-01-01T00:00:00Z","stake":"1.2345","currency":"GBP"}""");
        Assert.Equal(("brand-7", "jp.bet"), (mapped.Tenant, mapped.Type));
        Assert.Equal(
            """{"tenant_id":"brand-7","jp_contrib_id":"r%3A1:2","idempotency_key":"r%3A1:2","player_id":"c-1","game_id":"g-2","round_id":"r:1","occurred_at":"2026-01-01T00:00:00Z","jackpot_id":"union-pot","bet":{"amount":1.2345,"currency":"GBP"}}""",
            Text(mapped));
    }

    [Fact]
    public void A_refund_becomes_a_void_of_all_of_the_bet()
    {
        var mapped = Read(Nimbus, """{"kind":"REFUND","brand":"7","round":"r1","leg":2,"refund":"x","at":"2026-01-01T00:00:00Z"}""");
        Assert.Equal("jp.void", mapped.Type);
        Assert.Equal("""{"tenant_id":"brand-7","jp_contrib_id":"r1:2","idempotency_key":"r1:2:x","occurred_at":"2026-01-01T00:00:00Z"}""", Text(mapped));
    }

    [Theory]
    [InlineData("aurora.bet.settled")]
    [InlineData("aurora.session.opened")]
    public void Wins_and_what_is_named_to_be_ignored_are_passed_over_whatever_they_hold(string type) => Assert.True(Read(Aurora, "{}", type).IsIgnored);

    [Theory]
    [InlineData("aurora.jackpot.won")]
    [InlineData("AURORA.BET.PLACED")]
    [InlineData(null)]
    public void A_type_that_is_not_named_is_refused_and_never_a_stake(string? type)
    {
        var mapped = Read(Aurora, AuroraBet(), type);
        Assert.Equal((EventRefusal.TypeUnknown, "brand-42"), (mapped.Refusal, mapped.Tenant));
        Assert.True(mapped.Data.IsEmpty);
    }

    public static TheoryData<string, string> Unmapped => new()
    {
        { AuroraBet().Replace("AURORA-MT", "OTHER", StringComparison.Ordinal), "what stands at /operator is none of its 'values'" },
        { AuroraBet().Replace("\"ref\":\"p-7\",", "", StringComparison.Ordinal), "there is nothing at /player/ref" },
        { AuroraBet().Replace("\"p-7\"", "null", StringComparison.Ordinal), "there is nothing at /player/ref" },
        { AuroraBet().Replace("\"p-7\"", "[]", StringComparison.Ordinal), "what stands at /player/ref is a list or an object, not a text or a number" },
        { AuroraBet().Replace("1767225600123", "\"soon\"", StringComparison.Ordinal), "what stands at /transaction/at is no time since 1970" },
        { AuroraBet().Replace("1767225600123", "99999999999999", StringComparison.Ordinal), "what stands at /transaction/at is no time since 1970" },
        { AuroraBet(account: "CRYPTO"), "what stands at /transaction/account is none of its 'values'" },
        { AuroraBet(amount: "-1"), "its amount is negative" },
        { AuroraBet(amount: "\"\""), "its amount is no number" },
        { AuroraBet(amount: "\"1,5\""), "its amount is no number" },
        { AuroraBet(amount: "0.00001"), "its amount in minor_units has more than six decimals of a EUR" },
        { AuroraBet(amount: "1e30"), "its amount is larger than 10^12" },
        { AuroraBet(currency: "BTC"), "its currency is no ISO 4217 code" },
        { AuroraBet(currency: "eur"), "its currency is no ISO 4217 code" },
    };

    [Theory]
    [MemberData(nameof(Unmapped))]
    public void What_a_feed_cannot_map_is_refused_with_the_place_and_never_with_what_stood_there(string data, string why)
    {
        var mapped = Read(Aurora, data, "aurora.bet.placed");
        Assert.Equal((EventRefusal.NotMapped, $"feed 'aurora-wallet': {why}"), (mapped.Refusal, mapped.Detail));
        Assert.True(mapped.Data.IsEmpty);
    }

    [Theory]
    [InlineData("minor_units", "EUR", "1", 10_000)]
    [InlineData("minor_units", "JPY", "1", 1_000_000)]
    [InlineData("minor_units", "KWD", "1", 1_000)]
    [InlineData("cents", "JPY", "150", 1_500_000)]
    [InlineData("units", "EUR", "1.5e1", 15_000_000)]
    [InlineData("thousandths", "EUR", "\"2500\"", 2_500_000)]
    [InlineData("ten_thousandths", "EUR", "12345", 1_234_500)]
    [InlineData("micros", "EUR", "1", 1)]
    [InlineData("hundreds", "IDR", "25", 2_500_000_000)]
    [InlineData("thousands", "IDR", "0.5", 500_000_000)]
    [InlineData("millions", "IDR", "1000000", 1_000_000_000_000_000_000)]
    public void Each_unit_is_exact_to_the_micro_unit(string unit, string currency, string amount, long micros)
    {
        using var regions = new FeedFolder().With("f", FeedFolder.Good.Replace("\"*\":\"minor_units\"", $"\"{currency}\":\"{unit}\"", StringComparison.Ordinal));
        var mapped = Read(regions.Load().OfSource("acme")!, $$"""{"t":"brand-1","k":"k","p":"p","g":"g","r":"r","at":"x","a":{{amount}},"c":"{{currency}}"}""", "bet");
        Assert.True(mapped.Refusal is null, mapped.Detail);
        Assert.Contains($"\"amount\":{Core.Amounts.AmountText.Format(micros)},", Text(mapped), StringComparison.Ordinal);
    }

    [Fact]
    public void A_feed_speaks_for_its_own_tenants_alone()
    {
        using var regions = new FeedFolder().With("f", FeedFolder.Good);
        var mapped = Read(regions.Load().OfSource("acme")!, """{"t":"brand-2","k":"k","p":"p","g":"g","r":"r","at":"x","a":1,"c":"EUR"}""", "bet");
        Assert.Equal((EventRefusal.NotMapped, null), (mapped.Refusal, mapped.Tenant));
    }

    static MappedEvent Read(Feed feed, string data, string? type = null) =>
        feed.Read(new StreamedEvent { EntryId = "0", Attributes = new EventAttributes("id", type, feed.Source), Data = Encoding.UTF8.GetBytes(data) });

    static string Text(MappedEvent mapped) => Encoding.UTF8.GetString(mapped.Data.Span);
}
