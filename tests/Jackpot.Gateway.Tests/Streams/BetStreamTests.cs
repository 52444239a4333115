using System.Diagnostics;
using System.Net;
using System.Text.Json;
using static Jackpot.Gateway.Tests.Streams.StreamGateway;

namespace Jackpot.Gateway.Tests.Streams;

public sealed class BetStreamTests
{
    [Fact]
    public async Task Each_bet_goes_to_the_shard_of_its_tenant_and_to_no_other()
    {
        await using var gateway = await OpenAsync();
        Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS"], await gateway.DeliverAsync(Event(Bet("brand-1", "a")), Event(Bet("brand-2", "b")), Event(Bet("brand-1", "c"), "jp.bet")));
        Assert.Equal([("jp.bet", Bet("brand-1", "a")), ("jp.bet", Bet("brand-1", "c"))], gateway.One.Taken);
        Assert.Equal([("jp.bet", Bet("brand-2", "b"))], gateway.Two.Taken);
        Assert.Equal(1, gateway.One.Requests);
    }

    /// <summary>The attack: one entry that no strict reader takes, in the middle of good ones.</summary>
    [Fact]
    public async Task One_poison_event_costs_none_of_its_neighbours_and_is_kept_by_the_first_shard()
    {
        await using var gateway = await OpenAsync();
        string[] poison = [Event("""{"tenant_id":"brand-2","player_id":"\ud800"}"""), "7", Event("\"no json\""), Event("[1]"), """{"specversion":"1.0","id":"x"}"""];
        var good = Enumerable.Range(0, 15).Select(i => Event(Bet("brand-2", $"k{i}"))).ToArray();

        Assert.All(await gateway.DeliverAsync([.. good[..7], .. poison, .. good[7..]]), status => Assert.Equal("SUCCESS", status));

        Assert.Equal(15, gateway.Two.Taken.Count);
        Assert.Equal(poison.Length, gateway.One.Taken.Count);
        Assert.All(gateway.One.Taken, kept => Assert.Equal(("jp.bet.refused", "Unreadable"), (kept.Type, JsonElement.Parse(kept.Data).GetProperty("why").GetString())));
        Assert.Equal("7", JsonElement.Parse(gateway.One.Taken.ElementAt(1).Data).GetProperty("event").GetRawText());
        Assert.True(JsonElement.Parse(gateway.One.Taken.First().Data).TryGetProperty("event_base64", out _));
    }

    [Fact]
    public async Task A_bet_of_another_regions_tenant_is_kept_in_this_region_alone()
    {
        await using var gateway = await OpenAsync();
        Assert.Equal(["SUCCESS", "SUCCESS"], await gateway.DeliverAsync(Event(Bet("brand-9", "canary-player")), Event(Bet("nobody", "k"))));
        Assert.Equal(["TenantElsewhere", "TenantUnknown"], gateway.One.Taken.Select(kept => JsonElement.Parse(kept.Data).GetProperty("why").GetString()));
        Assert.Equal("canary-player", JsonElement.Parse(gateway.One.Taken.First().Data).GetProperty("event").GetProperty("idempotency_key").GetString());
        Assert.Empty(gateway.Two.Taken);
        Assert.Empty(gateway.Sidecar.Published);
    }

    [Fact]
    public async Task An_event_of_a_type_that_nobody_named_is_no_stake_and_is_kept()
    {
        await using var gateway = await OpenAsync();
        Assert.Equal(["SUCCESS", "SUCCESS"], await gateway.DeliverAsync(Event(Bet("brand-2", "won"), "acme.jackpot.win"), Event("""{"jp_contrib_id":"c","tenant_id":"brand-2"}""", "jp.void")));
        Assert.Equal(["jp.bet.refused", "jp.void"], gateway.Two.Taken.Select(taken => taken.Type));
        Assert.Equal("TypeUnknown", JsonElement.Parse(gateway.Two.Taken.First().Data).GetProperty("why").GetString());
    }

    [Fact]
    public async Task What_a_shard_does_not_take_in_time_waits_for_it_and_the_others_go_on()
    {
        await using var gateway = await OpenAsync();
        await gateway.DeliverAsync(Event(Bet("brand-1", "first")), Event(Bet("brand-2", "first")));
        await gateway.Two.CloseAsync();

        Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS"], await gateway.DeliverAsync(Event(Bet("brand-2", "a")), Event(Bet("brand-1", "b")), Event(Bet("brand-2", "c"))));

        Assert.Equal(2, gateway.One.Taken.Count);
        Assert.Equal([("bets.wait.north-2", "jp.bet", Bet("brand-2", "a")), ("bets.wait.north-2", "jp.bet", Bet("brand-2", "c"))], gateway.Sidecar.Published);
        var metrics = (await gateway.GetAsync(gateway.PublicUrl + "/metrics")).Body;
        Assert.Contains("gateway_stream_events_total{outcome=\"waiting\"} 2", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_one_delivery_waits_for_a_shard_that_is_away()
    {
        await using var gateway = await OpenAsync();
        await gateway.DeliverAsync(Event(Bet("brand-2", "first")));
        await gateway.Two.CloseAsync();
        var clock = Stopwatch.StartNew();
        await gateway.DeliverAsync(Event(Bet("brand-2", "a")));
        var first = clock.Elapsed;
        await gateway.DeliverAsync(Event(Bet("brand-2", "b")), Event(Bet("brand-1", "c")));
        Assert.InRange(first, TimeSpan.FromSeconds(1.9), TimeSpan.MaxValue);
        Assert.True(clock.Elapsed - first < first, $"the second delivery took {clock.Elapsed - first}");
    }

    [Fact]
    public async Task A_shard_that_is_back_takes_events_again()
    {
        await using var gateway = await OpenAsync();
        await gateway.DeliverAsync(Event(Bet("brand-2", "first")));
        await gateway.Two.CloseAsync();
        await gateway.DeliverAsync(Event(Bet("brand-2", "a")));
        await gateway.Two.OpenAsync();
        await TestKit.Eventually.TrueAsync(async () =>
        {
            await gateway.DeliverAsync(Event(Bet("brand-2", "b")));
            return gateway.Two.Taken.Count > 1;
        });
    }

    /// <summary>
    /// A broker that keeps messages only for who has subscribed would lose them there. Answered with a retry, each would hold a delivery of the sidecar's for as
    /// long as the shard is away, until none is left for the others.
    /// </summary>
    [Fact]
    public async Task Before_a_shard_has_said_that_its_waiting_topic_works_what_it_does_not_take_goes_to_the_end_of_the_stream()
    {
        await using var gateway = await OpenAsync();
        gateway.Two.HasWaitingTopic = false;
        await gateway.DeliverAsync(Event(Bet("brand-2", "first")));
        await gateway.Two.CloseAsync();
        Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS"], await gateway.DeliverAsync(Event(Bet("brand-2", "a")), Event(Bet("brand-1", "b")), Event(Bet("brand-2", "won"), "acme.jackpot.win")));
        Assert.Equal([("bets", "jp.bet"), ("bets", "jp.bet.refused")], gateway.Sidecar.Published.Select(one => (one.Topic, one.Type)));

        string[] round = [.. gateway.Sidecar.Deliveries];
        await gateway.Two.OpenAsync();
        await TestKit.Eventually.TrueAsync(async () =>
        {
            Assert.Equal(["SUCCESS", "SUCCESS"], await gateway.DeliverAsync(round));
            return gateway.Two.Taken.Count > 1;
        });
        Assert.Equal(["jp.bet", "jp.bet", "jp.bet.refused"], gateway.Two.Taken.Select(taken => taken.Type));
        Assert.Equal(["jp.bet"], gateway.One.Taken.Select(taken => taken.Type));
    }

    [Fact]
    public async Task What_goes_round_alone_goes_round_slowly()
    {
        await using var gateway = await OpenAsync();
        await gateway.Two.CloseAsync();
        await gateway.DeliverAsync(Event(Bet("brand-2", "a")));
        var clock = Stopwatch.StartNew();
        await gateway.DeliverAsync(Event(Bet("brand-2", "b")), Event(Bet("brand-1", "c")));
        var mixed = clock.Elapsed;
        await gateway.DeliverAsync([.. gateway.Sidecar.Deliveries]);
        Assert.InRange(clock.Elapsed - mixed, TimeSpan.FromSeconds(0.45), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task What_can_neither_be_handed_over_nor_put_where_it_waits_comes_again()
    {
        await using var gateway = await OpenAsync();
        await gateway.DeliverAsync(Event(Bet("brand-2", "first")));
        gateway.Sidecar.BrokerIsAway = true;
        await gateway.Two.CloseAsync();
        Assert.Equal(["RETRY", "SUCCESS"], await gateway.DeliverAsync(Event(Bet("brand-2", "a")), Event(Bet("brand-1", "b"))));
    }

    [Fact]
    public async Task Of_several_bets_only_those_wait_that_their_shard_does_not_take()
    {
        await using var gateway = await OpenAsync();
        gateway.Two.Answers = data => data.Contains("full", StringComparison.Ordinal) ? "RETRY" : "SUCCESS";
        Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS"], await gateway.DeliverAsync(Event(Bet("brand-2", "a")), Event(Bet("brand-2", "full")), Event(Bet("brand-2", "b"))));
        Assert.Equal([Bet("brand-2", "a"), Bet("brand-2", "b")], gateway.Two.Taken.Select(taken => taken.Data));
        Assert.Equal([Bet("brand-2", "full")], gateway.Sidecar.Published.Select(published => published.Data));
    }

    [Fact]
    public async Task While_one_replica_of_a_shard_is_gone_the_other_takes_all()
    {
        await using var twin = await StreamShard.StartAsync();
        var gone = new StreamShard(LocalProcesses.FreePort.Next());
        await using var gateway = await OpenAsync(new Dictionary<string, string?> { ["Gateway:Shards:north-2"] = $"{gone.Url},{twin.Url}" });
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(["SUCCESS"], await gateway.DeliverAsync(Event(Bet("brand-2", $"k{i}"))));
        }

        Assert.Equal(6, twin.Taken.Count);
        Assert.Empty(gateway.Sidecar.Published);
    }

    [Fact]
    public async Task An_event_that_is_far_too_large_is_dropped_to_the_dead_letters_alone()
    {
        await using var gateway = await OpenAsync();
        var large = $$"""{"tenant_id":"brand-2","player_id":"{{new string('x', 70_000)}}"}""";
        Assert.Equal(["DROP", "SUCCESS"], await gateway.DeliverAsync(Event(large), Event(Bet("brand-2", "b"))));
        Assert.Single(gateway.Two.Taken);
    }

    [Fact]
    public async Task The_stream_comes_in_at_the_sidecars_port_alone()
    {
        await using var gateway = await OpenAsync();
        var delivery = $$"""{"entries":[{"event":{{Event(Bet("brand-2", "k"))}},"entryId":"0"}]}""";
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.PostAsync(gateway.PublicUrl + "/events/bets", delivery)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.GetAsync(gateway.PublicUrl + "/dapr/subscribe")).Status);
        Assert.Empty(gateway.Two.Taken);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync(gateway.AppUrl + "/events/bets", delivery)).Status);
        Assert.Single(gateway.Two.Taken);
    }

    [Fact]
    public async Task With_an_app_token_only_the_sidecar_delivers()
    {
        await using var gateway = await OpenAsync(new Dictionary<string, string?> { ["APP_API_TOKEN"] = "secret" });
        var delivery = $$"""{"entries":[{"event":{{Event(Bet("brand-2", "k"))}},"entryId":"0"}]}""";
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.PostAsync(gateway.AppUrl + "/events/bets", delivery)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.PostAsync(gateway.AppUrl + "/events/bets", delivery, "wrong")).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync(gateway.AppUrl + "/events/bets", delivery, "secret")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"entries\":[{\"entryId\":\"0\"")]
    public async Task A_delivery_that_is_none_is_a_bad_request(string body)
    {
        await using var gateway = await OpenAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.PostAsync(gateway.AppUrl + "/events/bets", body)).Status);
    }

    [Fact]
    public async Task The_region_subscribes_its_bets_once_in_bulk_with_a_dead_letter_topic()
    {
        await using var gateway = await OpenAsync();
        var bets = Assert.Single(JsonElement.Parse((await gateway.GetAsync(gateway.AppUrl + "/dapr/subscribe")).Body).EnumerateArray());
        Assert.Equal("bets", bets.GetProperty("topic").GetString());
        Assert.Equal("bets.dead", bets.GetProperty("deadLetterTopic").GetString());
        Assert.True(bets.GetProperty("bulkSubscribe").GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task Events_of_a_feed_become_contributions_whether_they_have_an_envelope_or_a_topic_of_their_own()
    {
        using var regions = new Feeds.FeedFolder().With("wallet", Feeds.FeedFolder.Good)
            .With("rgs", Feeds.FeedFolder.Good.Replace("\"source\":\"acme\"", "\"topic\":\"bets.rgs\",\"raw_payload\":true,\"type\":\"/kind\"", StringComparison.Ordinal));
        await using var gateway = await OpenAsync(regions: regions.Path);
        var subscribed = JsonElement.Parse((await gateway.GetAsync(gateway.AppUrl + "/dapr/subscribe")).Body).EnumerateArray().Single(one => one.GetProperty("topic").GetString() == "bets.rgs");
        Assert.Equal("true", subscribed.GetProperty("metadata").GetProperty("rawPayload").GetString());
        const string Own = """{"t":"brand-1","kind":"bet","k":"key-1","p":"p","g":"g","r":"r","at":"now","a":100,"c":"EUR"}""";

        Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS"], await gateway.DeliverAsync(
            $$"""{"specversion":"1.0","id":"x","source":"acme","data":{{Own}},"type":"bet"}""", $$"""{"specversion":"1.0","id":"x","source":"acme","data":{{Own}},"type":"jackpot"}""",
            $$"""{"specversion":"1.0","id":"x","source":"acme","data":{{Own}},"type":"win"}"""));
        var raw = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Own));
        Assert.Equal(["SUCCESS"], await gateway.DeliverAsync("/events/feeds/rgs", [$$"""{"entryId":"0","event":"{{raw}}","contentType":"application/octet-stream","metadata":{} }"""]));

        Assert.Equal(["jp.bet", "jp.bet.refused", "jp.bet"], gateway.One.Taken.Select(taken => taken.Type));
        Assert.Equal(gateway.One.Taken.First().Data, gateway.One.Taken.Last().Data);
        Assert.Equal("key-1", JsonElement.Parse(gateway.One.Taken.First().Data).GetProperty("idempotency_key").GetString());
    }
}
