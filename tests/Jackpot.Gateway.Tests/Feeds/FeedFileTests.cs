using System.Text.Json.Nodes;
using Jackpot.Gateway.Regions;
using Jackpot.LocalProcesses;
using Jackpot.TestKit;

namespace Jackpot.Gateway.Tests.Feeds;

public sealed class FeedFileTests
{
    const string KeyFault = "must come from the operator's own fields";

    public static TheoryData<string, string, string> Faulty => new()
    {
        { "bet/idempotency_key", "null", $"'bet.idempotency_key' is missing; it {KeyFault}" },
        { "bet/idempotency_key", """{"value":"k"}""", $"'bet.idempotency_key' {KeyFault}" },
        { "bet/idempotency_key", """{"path":"/k","values":{"a":"b"}}""", $"'bet.idempotency_key' {KeyFault}" },
        { "rollback/idempotency_key", "null", $"'rollback.idempotency_key' is missing; it {KeyFault}" },
        { "rollback/jp_contrib_id", "null", "'rollback.jp_contrib_id' is missing" },
        { "rollback", "null", "'rollback' is missing: it says which bet a rollback takes back" },
        { "rollback/amount", "\"/a\"", "'rollback.currency' is missing" },
        { "source", "null", "say either 'source'" },
        { "topic", "\"bets.acme\"", "say either 'source'" },
        { "raw_payload", "true", "'raw_payload' needs an own 'topic'" },
        { "tenants", "[]", "'tenants' is missing" },
        { "tenants", """["brand-1","brand-9"]""", "'tenants' names 'brand-9', which is no tenant of region north" },
        { "tenant", "null", "'tenant' is missing" },
        { "tenant", """{"value":"brand-2"}""", "'tenant' can be 'brand-2', which is not among 'tenants'" },
        { "tenant", """{"path":"/t","values":{"x":"brand-2"}}""", "'tenant' can be 'brand-2', which is not among 'tenants'" },
        { "bets", "[]", "'bets' is missing" },
        { "wins", """["bet"]""", "the type 'bet' is named twice" },
        { "units", "{}", "'units' is missing" },
        { "units", """{"*":"pence"}""", "'units' says 'pence' for *" },
        { "units", """{"XXZ":"cents"}""", "'units' names 'XXZ', which is no ISO 4217 code" },
        { "bet", "null", "'bet' is missing" },
        { "bet/player_id", "null", "'bet.player_id' is missing" },
        { "bet/amount", "\"amount\"", "'bet.amount' points at 'amount', which is no JSON pointer below the event" },
        { "bet/amount", "{}", "'bet.amount' must be a JSON pointer" },
        { "bet/occurred_at", """{"path":"/at","format":"excel"}""", "'bet.occurred_at' has format 'excel'" },
        { "bet/pool_id", "\"/pool\"", "'bet' must say one of 'pool_id', 'jackpot_id' and 'sources'" },
        { "bet/palyer_id", "\"/p\"", "palyer_id" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_feed_with_a_fault_is_refused_at_start_with_its_file_and_the_reason(string field, string json, string why)
    {
        var feed = JsonNode.Parse(FeedFolder.Good)!;
        var (at, name) = field.Split('/') is [var outer, var inner] ? (feed[outer]!, inner) : (feed, field);
        at[name] = JsonNode.Parse(json);
        using var regions = new FeedFolder().With("acme-feed", feed.ToJsonString());

        var refused = Assert.Throws<InvalidGatewayException>(regions.Load);
        Assert.Contains("acme-feed.json: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_all_feeds_are_told_at_once()
    {
        using var regions = new FeedFolder().With("a", """{"source":"x"}""").With("b", "{").With("c", FeedFolder.Good).With("d", FeedFolder.Good);
        var refused = Assert.Throws<InvalidGatewayException>(regions.Load).Message;
        Assert.Contains("a.json: 'tenants' is missing", refused, StringComparison.Ordinal);
        Assert.Contains("a.json: 'bet' is missing", refused, StringComparison.Ordinal);
        Assert.Contains("b.json: ", refused, StringComparison.Ordinal);
        Assert.Contains("c and d have the same source 'acme'", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_feed_may_not_take_a_topic_of_the_platform()
    {
        foreach (var topic in new[] { "bets", "bets.dead", "bets.wait.north-1" })
        {
            using var regions = new FeedFolder().With("f", FeedFolder.Good.Replace("\"source\":\"acme\"", $"\"topic\":\"{topic}\"", StringComparison.Ordinal));
            Assert.Contains($"'topic' is '{topic}', which the platform itself uses", Assert.Throws<InvalidGatewayException>(regions.Load).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_gateway_ends_at_start_when_a_feed_has_no_key()
    {
        using var regions = new FeedFolder().With("keyless", FeedFolder.Good.Replace("\"idempotency_key\":\"/k\",\"jackpot_id\"", "\"jackpot_id\"", StringComparison.Ordinal));
        await using var process = GatewayFixture.Start(FreePort.Next(), new Dictionary<string, string?>
        {
            ["Gateway__Region"] = "north", ["Gateway__RegionsPath"] = regions.Path, ["Gateway__Shards__north-1"] = "http://a.example", ["Gateway__Shards__north-2"] = "http://b.example",
        });
        Assert.Equal(2, await process.ExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("keyless.json: 'bet.idempotency_key' is missing", process.Output, StringComparison.Ordinal);
    }
}
