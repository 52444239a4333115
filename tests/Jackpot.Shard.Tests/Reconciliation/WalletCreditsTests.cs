using System.Net;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Tests.Payouts;
using Jackpot.TestKit;
using static Jackpot.Shard.Tests.Changes.StaffSteps;

namespace Jackpot.Shard.Tests.Reconciliation;

/// <summary>What an operator should have, to be held against what it says it has.</summary>
public sealed class WalletCreditsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Day = "/v1/admin/wallet-credits?tenant=brand-42&from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_days_credits_come_in_pages_with_what_may_be_credited_beside_them()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        using var wallet = new FakeWallet();
        var expected = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            expected.Add(await DropAsync(ledger, $"drop-{i}"));
            clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, expected[^1]));
        }

        wallet.Answer = transaction => (HttpStatusCode.UnprocessableEntity, FakeWallet.Outcome(transaction, ("status", "\"refused\""), ("reason", "\"no\"")));
        expected.Add(await DropAsync(ledger, "held"));
        clock.Advance(TimeSpan.FromMinutes(1));
        await wallet.CreditAsync(ledger, expected[^1]);
        wallet.Answer = null;
        var never = await DropAsync(ledger, "never-sent");
        clock.Advance(TimeSpan.FromDays(1));
        var tomorrow = await DropAsync(ledger, "tomorrow");
        await wallet.CreditAsync(ledger, tomorrow);

        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = (await endpoints.GetAsync($"{Day}&limit=2{after}", Author)).Is(200);
            seen.AddRange(page.GetProperty("credits").EnumerateArray().Select(credit => $"{credit.GetProperty("payout_id").GetString()} {credit.GetProperty("state").GetString()}"));
            after = page.TryGetProperty("after", out var next) ? $"&after={next.GetString()}" : "";
        }
        while (after.Length > 0);

        Assert.Equal(expected.Select(id => id + (id == expected[^1] ? " held" : " credited")), seen);
        var found = (await endpoints.GetAsync($"/v1/admin/wallet-credits?tenant=brand-42&payouts={tomorrow},{never},payout-of-nobody", Author)).Is(200).GetProperty("credits");
        Assert.Equal(
            new[] { never + " requested", tomorrow + " credited" }.Order(StringComparer.Ordinal),
            found.EnumerateArray().Select(credit => $"{credit.GetProperty("payout_id").GetString()} {credit.GetProperty("state").GetString()}"));
        Assert.Empty((await endpoints.GetAsync(Day.Replace("brand-42", "brand-43", StringComparison.Ordinal), Author)).Is(200).GetProperty("credits").EnumerateArray());
    }

    [Fact]
    public async Task A_credit_says_what_the_wallet_was_told_and_between_which_times()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        using var wallet = new FakeWallet { Answer = _ => throw new HttpRequestException("lost") };
        var payout = await DropAsync(ledger, "drop");
        clock.Advance(TimeSpan.FromMinutes(1));
        await wallet.CreditAsync(ledger, payout);
        clock.Advance(TimeSpan.FromMinutes(1));
        wallet.Answer = null;
        Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, payout));

        var credit = Assert.Single((await endpoints.GetAsync(Day, Author)).Is(200).GetProperty("credits").EnumerateArray());

        Assert.Equal((payout, "player-1", "2026-01-01T00:01:00+00:00", "2026-01-01T00:02:00+00:00"),
            (credit.GetProperty("transaction_id").GetString(), credit.GetProperty("player_id").GetString(), credit.GetProperty("sent_at").GetString(), credit.GetProperty("changed_at").GetString()));
        Assert.Equal(Assert.Single(wallet.Credits).Amount, credit.GetProperty("amount").GetProperty("amount").GetDecimal());
    }

    [Theory]
    [InlineData("?from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z")]
    [InlineData("?tenant=brand-42")]
    [InlineData("?tenant=brand-42&from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z")]
    [InlineData("?tenant=brand-42&from=2026-01-01T00:00:00Z&until=2026-01-09T00:00:00Z")]
    [InlineData("?tenant=brand-42&from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&limit=1001")]
    public async Task A_question_without_bounds_is_refused(string query)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.GetAsync("/v1/admin/wallet-credits" + query, Author)).IsProblem(422, "field-invalid");
        Assert.Equal(HttpStatusCode.Unauthorized, (await endpoints.GetAsync("/v1/admin/wallet-credits" + query)).Status);
    }

    static async Task<string> DropAsync(TestLedger ledger, string id)
    {
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop(id));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, id + "-k", 200_000_000)], Ct);
        return await ledger.ScalarAsync<string>($"SELECT payout_id FROM payout JOIN award a USING (award_id) JOIN jackpot j ON j.id = a.jackpot WHERE j.jackpot_id = '{id}'");
    }
}
