using System.Net;
using System.Text;
using static Jackpot.Wallet.Tests.WalletFixture;

namespace Jackpot.Wallet.Tests.Transactions;

public sealed class TransactionTests(WalletFixture wallet)
{
    [Fact]
    public async Task A_credit_raises_the_balance_and_stands_in_the_list_with_its_exact_amount()
    {
        var (id, player) = (wallet.NextId("payout"), wallet.NextId("player"));

        var (status, body) = await wallet.PostAsync(Credit(id, player, 12.345678m));

        Assert.Equal(200, status);
        Assert.Equal("done", (string?)body["status"]);
        Assert.Equal(12.345678m, await wallet.BalanceAsync(player));
        Assert.Equal(12.345678m, (decimal)Assert.Single(await wallet.ListedAsync(id))["amount"]!);
    }

    [Fact]
    public async Task A_second_delivery_gets_the_first_answer_and_has_no_second_effect()
    {
        var (id, player) = (wallet.NextId("payout"), wallet.NextId("player"));
        var first = await wallet.PostAsync(Credit(id, player, 10m));
        await wallet.PostAsync(Credit(wallet.NextId("payout"), player, 5m));

        var second = await wallet.PostAsync(Credit(id, player, 10.00m));

        Assert.Equal(first.Status, second.Status);
        Assert.Equal(first.Body.ToJsonString(), second.Body.ToJsonString());
        Assert.Equal(15m, await wallet.BalanceAsync(player));
        Assert.Single(await wallet.ListedAsync(id));
    }

    [Fact]
    public async Task The_same_id_with_another_body_is_a_conflict_and_has_no_effect()
    {
        var (id, player) = (wallet.NextId("payout"), wallet.NextId("player"));
        await wallet.PostAsync(Credit(id, player, 10m));

        var (status, body) = await wallet.PostAsync(Credit(id, player, 11m));

        Assert.Equal(409, status);
        Assert.Equal("urn:jackpot:problem:transaction-id-reused", (string?)body["type"]);
        Assert.Equal(10m, await wallet.BalanceAsync(player));
    }

    [Fact]
    public async Task Fifty_deliveries_of_one_id_at_once_have_one_effect_and_one_answer()
    {
        var (id, player) = (wallet.NextId("payout"), wallet.NextId("player"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => wallet.PostAsync(Credit(id, player, 7m))));

        Assert.Single(answers.Select(answer => answer.Body.ToJsonString()).Distinct());
        Assert.Equal(7m, await wallet.BalanceAsync(player));
        Assert.Single(await wallet.ListedAsync(id));
    }

    [Fact]
    public async Task Concurrent_credits_of_one_player_lose_nothing_and_their_positions_have_no_gap()
    {
        var player = wallet.NextId("player");
        var ids = Enumerable.Range(0, 200).Select(_ => wallet.NextId("payout")).ToArray();

        await Task.WhenAll(ids.Select(id => wallet.PostAsync(Credit(id, player, 0.000001m))));

        Assert.Equal(0.0002m, await wallet.BalanceAsync(player));
        var positions = (await wallet.GetAsync("/wallet/transactions?after=0&limit=1000"))["transactions"]!.AsArray()
            .Select(item => (long)item!["position"]!).ToArray();
        Assert.Equal(Enumerable.Range(1, positions.Length).Select(n => (long)n), positions);
    }

    [Fact]
    public async Task What_was_applied_is_found_again_after_kill_9()
    {
        var (id, player) = (wallet.NextId("payout"), wallet.NextId("player"));
        var first = await wallet.PostAsync(Credit(id, player, 3m));

        await wallet.CrashAndRestartAsync();

        Assert.Equal(first.Body.ToJsonString(), (await wallet.GetAsync($"/wallet/transaction/{id}")).ToJsonString());
        Assert.Equal(first.Body.ToJsonString(), (await wallet.PostAsync(Credit(id, player, 3m))).Body.ToJsonString());
        Assert.Equal(3m, await wallet.BalanceAsync(player));
    }

    [Fact]
    public async Task An_id_that_was_never_applied_is_404()
    {
        using var answer = await wallet.Http.GetAsync("/wallet/transaction/never-seen", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_debit_beyond_the_balance_is_refused_for_good()
    {
        var (id, player) = (wallet.NextId("bet"), wallet.NextId("player"));
        await wallet.PostAsync(Credit(wallet.NextId("payout"), player, 5m));

        var (status, body) = await wallet.PostAsync(Debit(id, player, 5.01m));
        await wallet.PostAsync(Credit(wallet.NextId("payout"), player, 100m));
        var again = await wallet.PostAsync(Debit(id, player, 5.01m));

        Assert.Equal((422, "refused", "insufficient_funds"), (status, (string?)body["status"], (string?)body["reason"]));
        Assert.Equal(body.ToJsonString(), again.Body.ToJsonString());
        Assert.Equal(105m, await wallet.BalanceAsync(player));
    }

    [Fact]
    public async Task A_closed_player_and_an_unknown_currency_are_refused_with_the_reason()
    {
        var player = wallet.NextId("player");
        using var closed = await wallet.Http.PutAsync($"/wallet-admin/players/brand-42/{player}/closed", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, closed.StatusCode);

        var (closedStatus, closedBody) = await wallet.PostAsync(Credit(wallet.NextId("payout"), player, 1m));
        var (currencyStatus, currencyBody) = await wallet.PostAsync(Credit(wallet.NextId("payout"), wallet.NextId("player"), 1m, "XTS"));

        Assert.Equal((422, "player_closed"), (closedStatus, (string?)closedBody["reason"]));
        Assert.Equal((422, "unknown_currency"), (currencyStatus, (string?)currencyBody["reason"]));
        Assert.Equal(0m, await wallet.BalanceAsync(player));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.0000001")]
    [InlineData("9223372036854.775808")]
    [InlineData("\"NaN\"")]
    [InlineData("null")]
    public async Task An_amount_that_is_not_exact_micros_is_400_and_nothing_is_stored(string amount)
    {
        var id = wallet.NextId("bad");
        var json = $$"""{"transaction_id":"{{id}}","transaction_type":"Credit","player_id":"p","tenant_id":"brand-42","amount":{{amount}},"currency":"EUR"}""";

        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await wallet.Http.PostAsync("/wallet/transaction", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await wallet.ListedAsync(id));
    }
}
