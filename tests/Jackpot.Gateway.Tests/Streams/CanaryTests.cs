using System.Net;
using Jackpot.Streams.Canaries;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using static Jackpot.Gateway.Tests.Streams.StreamGateway;

namespace Jackpot.Gateway.Tests.Streams;

public sealed class CanaryTests
{
    [Fact]
    public async Task A_subscription_that_is_dead_is_named_while_the_gateway_stays_ready()
    {
        var clock = TestClock.AtNewYear();
        await using var gateway = await OpenAsync(with: services => services.AddSingleton<TimeProvider>(clock));
        Assert.DoesNotContain("bets", await ReadyAsync(gateway), StringComparison.Ordinal);

        clock.Advance(CanaryTopics.StartMax + TimeSpan.FromSeconds(1));
        Assert.Contains("topic 'bets' of 'bets' has delivered nothing to this process for 16 s", await ReadyAsync(gateway), StringComparison.Ordinal);

        await gateway.DeliverAsync(Event("{}", "jp.canary"));
        Assert.DoesNotContain("bets", await ReadyAsync(gateway), StringComparison.Ordinal);

        clock.Advance(CanaryTopics.SilenceMax + TimeSpan.FromSeconds(1));
        Assert.Contains("topic 'bets'", await ReadyAsync(gateway), StringComparison.Ordinal);
        var metrics = (await gateway.GetAsync(gateway.PublicUrl + "/metrics")).Body;
        Assert.Contains("jackpot_subscription_silent_seconds{topic=\"bets\"} 301", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canary_is_passed_over()
    {
        await using var gateway = await OpenAsync();
        Assert.Equal(["SUCCESS", "SUCCESS"], await gateway.DeliverAsync(Event("{}", "jp.canary"), Event(Bet("brand-1", "a"))));
        Assert.Single(gateway.One.Taken);
        Assert.Empty(gateway.Two.Taken);
    }

    [Fact]
    public void A_topic_gets_a_canary_at_once_soon_again_while_it_is_silent_and_then_every_minute()
    {
        var clock = TestClock.AtNewYear();
        var topic = new CanaryTopic("bets", "bets");
        var canaries = new CanaryTopics([topic], clock);
        Assert.Equal([topic], canaries.Due);
        canaries.Sent(topic);
        Assert.Empty(canaries.Due);
        clock.Advance(CanaryTopics.IntervalWhileSilent);
        Assert.Equal([topic], canaries.Due);

        canaries.Sent(topic);
        canaries.Heard(topic);
        clock.Advance(CanaryTopics.Interval - TimeSpan.FromSeconds(1));
        Assert.Empty(canaries.Due);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([topic], canaries.Due);
    }

    static async Task<string> ReadyAsync(StreamGateway gateway)
    {
        var (status, body) = await gateway.GetAsync(gateway.PublicUrl + "/readyz");
        Assert.Equal(HttpStatusCode.OK, status);
        return body;
    }
}
