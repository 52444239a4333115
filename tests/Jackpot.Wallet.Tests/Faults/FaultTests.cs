using System.Net;
using System.Net.Http.Json;
using static Jackpot.Wallet.Tests.WalletFixture;

namespace Jackpot.Wallet.Tests.Faults;

public sealed class FaultTests(WalletFixture wallet)
{
    [Theory]
    [InlineData("timeout_before_effect", 0)]
    [InlineData("timeout_after_effect", 1)]
    [InlineData("reset_after_effect", 1)]
    public async Task A_lost_answer_has_the_effect_that_its_name_says_and_a_repeat_makes_it_exactly_one(string kind, int effectsBeforeRepeat)
    {
        var (id, player) = (wallet.NextId("payout"), wallet.NextId("player"));
        await PlanAsync(new { kind, delay_ms = 50 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => wallet.PostAsync(Credit(id, player, 4m)));
        Assert.Equal(effectsBeforeRepeat, (await wallet.ListedAsync(id)).Count);

        Assert.Equal(200, (await wallet.PostAsync(Credit(id, player, 4m))).Status);
        Assert.Equal(4m, await wallet.BalanceAsync(player));
    }

    [Fact]
    public async Task An_error_after_the_effect_hides_a_credit_that_can_be_asked_for_by_id()
    {
        var (id, player) = (wallet.NextId("payout"), wallet.NextId("player"));
        await PlanAsync(new { kind = "error_after_effect" });

        Assert.Equal(500, (await wallet.PostAsync(Credit(id, player, 4m))).Status);

        Assert.Equal("done", (string?)(await wallet.GetAsync($"/wallet/transaction/{id}"))["status"]);
    }

    [Fact]
    public async Task An_answer_about_another_player_hides_a_credit_that_can_be_asked_for_by_id()
    {
        var (id, player) = (wallet.NextId("payout"), wallet.NextId("player"));
        await PlanAsync(new { kind = "answer_about_another" });

        Assert.Equal("another", (string?)(await wallet.PostAsync(Credit(id, player, 4m))).Body["player_id"]);

        Assert.Equal(player, (string?)(await wallet.GetAsync($"/wallet/transaction/{id}"))["player_id"]);
        Assert.Equal(4m, await wallet.BalanceAsync(player));
    }

    [Theory]
    [InlineData("error_before_effect", HttpStatusCode.InternalServerError, "urn:jackpot:problem:fault", 0)]
    [InlineData("answer_with_another_amount", HttpStatusCode.OK, "\"amount\":5", 4)]
    [InlineData("answer_twice", HttpStatusCode.OK, "}{", 4)]
    [InlineData("error_in_ok", HttpStatusCode.OK, "\"error\"", 4)]
    [InlineData("html_page", HttpStatusCode.OK, "<html>", 4)]
    public async Task What_a_credit_came_to_is_hidden_behind_another_answer_once(string kind, HttpStatusCode status, string told, decimal balance)
    {
        var (id, player) = (wallet.NextId("payout"), wallet.NextId("player"));
        await PlanAsync(new { kind });

        using var answer = await wallet.Http.PostAsJsonAsync("/wallet/transaction", Credit(id, player, 4m), TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(told, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(balance, await wallet.BalanceAsync(player));
        Assert.Equal("done", (string?)(await wallet.PostAsync(Credit(id, player, 4m))).Body["status"]);
        Assert.Equal(4m, await wallet.BalanceAsync(player));
    }

    [Fact]
    public async Task A_fault_of_questions_strikes_the_next_question_and_no_credit()
    {
        var (id, player) = (wallet.NextId("payout"), wallet.NextId("player"));
        await PlanAsync(new { kind = "denies_all", calls = "queries" });

        Assert.Equal(200, (await wallet.PostAsync(Credit(id, player, 4m))).Status);

        using (var denied = await wallet.Http.GetAsync($"/wallet/transaction/{id}", TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.NotFound, denied.StatusCode);
        }

        Assert.Equal("done", (string?)(await wallet.GetAsync($"/wallet/transaction/{id}"))["status"]);
    }

    [Fact]
    public async Task A_refusal_by_fault_carries_the_reason_that_was_asked_for()
    {
        await PlanAsync(new { kind = "refuse", reason = "limit_reached" });
        var (status, body) = await wallet.PostAsync(Credit(wallet.NextId("payout"), wallet.NextId("player"), 4m));
        Assert.Equal((422, "limit_reached"), (status, (string?)body["reason"]));
    }

    [Fact]
    public async Task A_plan_of_three_strikes_three_credits_and_no_fourth()
    {
        await PlanAsync(new { kind = "error_after_effect", count = 3 });
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            statuses.Add((await wallet.PostAsync(Credit(wallet.NextId("payout"), wallet.NextId("player"), 1m))).Status);
        }
        Assert.Equal([500, 500, 500, 200], statuses);
    }

    [Fact]
    public async Task A_plan_without_a_known_kind_or_with_a_negative_count_is_400()
    {
        Assert.Equal(HttpStatusCode.BadRequest, await TryPlanAsync(new { kind = "earthquake" }));
        Assert.Equal(HttpStatusCode.BadRequest, await TryPlanAsync(new { kind = "slow", count = -1 }));
    }

    async Task PlanAsync(object plan) => Assert.Equal(HttpStatusCode.OK, await TryPlanAsync(plan));

    async Task<HttpStatusCode> TryPlanAsync(object plan)
    {
        using var answer = await wallet.Http.PostAsJsonAsync("/wallet-admin/faults", plan, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
