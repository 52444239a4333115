using System.Text.Json;
using Jackpot.Cli.Payouts;

namespace Jackpot.Cli.Tests.Payouts;

public sealed class PayoutsCommandTests
{
    const string Payout = """
        {"payout_id":"payout-1","award_id":"a","jackpot_id":"euro","pool_id":"p","tenant_id":"t","player_id":"x","amount":{"amount":12.50,"currency":"EUR"},
         "state":"held","cause":"wallet_in_doubt","reason":"no answer within 5 s","in_doubt":true,"attempts":3,"changed_at":"2026-01-01T00:00:00Z","age_seconds":93784,"claimed_by":"anna"}
        """;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_line_says_how_much_waits_why_and_for_how_long() => Assert.Equal(
        """
        payout-1  12.50 EUR  euro  held wallet_in_doubt no answer within 5 s IN DOUBT  for 1.02:03:04, anna works on it
        1 payouts
        """,
        PayoutTexts.List(JsonElement.Parse($$"""{"payouts":[{{Payout}}]}""")), ignoreLineEndingDifferences: true);

    [Fact]
    public void An_empty_queue_is_said() => Assert.Equal("nothing waits here", PayoutTexts.List(JsonElement.Parse("""{"payouts":[]}""")));

    [Fact]
    public void A_story_tells_steps_orders_and_notes_in_their_order()
    {
        var story = PayoutTexts.Story(JsonElement.Parse($$"""
            {"payout":{{Payout}},"steps":[{"at":"2026-01-01T00:00:00Z","state":"crediting"}],
             "orders":[{"order_id":7,"action":"resume","status":"done","author":"anna","why":"asked","decided_by":"bert","created_at":"2026-01-02T00:00:00Z"}],
             "notes":[{"at":"2026-01-03T00:00:00Z","author":"anna","text":"called"}]}
            """));

        Assert.EndsWith(
            """
              2026-01-01 00:00:00Z  crediting
              2026-01-02 00:00:00Z  order 7 resume done by anna: asked, bert: no reason given
              2026-01-03 00:00:00Z  anna: called
            """, story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("show")]
    [InlineData("forget", "payout-1", "--shard-url", "http://127.0.0.1:1")]
    [InlineData("claim", "payout-1", "--shard-url", "http://127.0.0.1:1")]
    [InlineData("order", "payout-1", "--person", "anna", "--why", "w", "--shard-url", "http://127.0.0.1:1")]
    [InlineData("order", "payout-1", "--person", "anna", "--action", "reroute", "--why", "w", "--account", "nobody", "--shard-url", "http://127.0.0.1:1")]
    public async Task Wrong_usage_is_refused(params string[] args) =>
        Assert.Equal(2, (await Assert.ThrowsAsync<CommandException>(() => PayoutsCommand.RunAsync(args, Ct))).ExitCode);
}
