using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Jackpot.Core.Amounts;
using Jackpot.Wallets.Operators;
using Jackpot.Wallets.Transactions;

namespace Jackpot.Wallets.Tests.Operators;

/// <summary>The three operators of components/wallets, each against an operator that behaves like it.</summary>
public sealed class ExampleOperatorTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Examples => ["errors-in-status", "errors-in-body", "shared-round"];

    static (SimulatedOperator Operator, OperatorWallet Wallet) Open(string example)
    {
        SimulatedOperator simulated = example switch { "errors-in-status" => new StatusCodeOperator(), "errors-in-body" => new BodyCodeOperator(), _ => new SharedRoundOperator() };
        return (simulated, simulated.Wallet(example));
    }

    static WalletTransaction Credit(OperatorWallet wallet, string id, string player = "player-1", long micros = 12_340_000) =>
        new(TransactionType.Credit, TransactionIds.Fit(id, wallet.Ids), "brand-42", player, new Money(micros, Currency.Parse("EUR")))
        {
            GameId = "game-1", RoundId = "round/1", ContributionId = "bet-1", WinType = "jackpot", JackpotId = "pot", JackpotName = "The \"Pot\"", Tier = "mini", AwardId = "award-1",
        };

    static WalletTransaction Debit(OperatorWallet wallet, string id, long micros = 12_340_000) => Credit(wallet, id, micros: micros) with { Type = TransactionType.Debit, WinType = null };

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_credit_is_booked_once_however_often_it_is_sent_and_the_query_knows_it(string example)
    {
        var (simulated, wallet) = Open(example);
        var credit = Credit(wallet, "payout-1");

        Assert.IsType<WalletAnswer.Unknown>(await wallet.StatusAsync(credit, Ct));
        Assert.Equal(new WalletAnswer.Done(), await wallet.ApplyAsync(credit, Ct));
        Assert.Equal(new WalletAnswer.Done(), await wallet.ApplyAsync(credit, Ct));
        Assert.Equal(new WalletAnswer.Done(), await wallet.StatusAsync(credit, Ct));

        Assert.Equal(1_234, simulated.CentsOf("player-1"));
        Assert.Equal(new WalletReading<Money>.Read(credit.Amount), await wallet.BalanceAsync("brand-42", "player-1", credit.Amount.Currency, Ct));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task What_the_operator_needs_to_book_it_is_in_the_request(string example)
    {
        var (simulated, wallet) = Open(example);

        await wallet.ApplyAsync(Credit(wallet, "payout-1"), Ct);

        var said = Texts(simulated.Bodies[0]!).Append(simulated.Requests[0].RequestUri!.AbsolutePath).ToImmutableArray();
        Assert.All(["game-1", "round/1", "bet-1", "jackpot", "The \"Pot\"", "mini", "player-1"], text => Assert.Contains(said, one => one.Contains(text, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_closed_player_is_a_refusal_and_so_is_a_debit_of_more_than_there_is(string example)
    {
        var (simulated, wallet) = Open(example);
        simulated.Closed.Add("player-2");

        Assert.Equal(new WalletAnswer.Refused("player_closed"), await wallet.ApplyAsync(Credit(wallet, "payout-2", "player-2"), Ct));
        Assert.Equal(new WalletAnswer.Refused("insufficient_funds"), await wallet.ApplyAsync(Debit(wallet, "bet-1"), Ct));
        Assert.Empty(simulated.Cents);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_id_that_has_another_transaction_is_never_believed(string example)
    {
        var (_, wallet) = Open(example);
        await wallet.ApplyAsync(Credit(wallet, "payout-1"), Ct);
        var other = Credit(wallet, "payout-1", micros: 99_990_000);

        Assert.True(Assert.IsType<WalletAnswer.InDoubt>(await wallet.ApplyAsync(other, Ct)).IsStrange);
        Assert.True(Assert.IsType<WalletAnswer.InDoubt>(await wallet.StatusAsync(other, Ct)).IsStrange);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_debit_is_cancelled_once_and_one_that_comes_after_its_cancellation_takes_nothing(string example)
    {
        var (simulated, wallet) = Open(example);
        await wallet.ApplyAsync(Credit(wallet, "payout-1", micros: 50_000_000), Ct);
        var (debit, late) = (Debit(wallet, "bet-1"), Debit(wallet, "bet-2"));

        Assert.Equal(new WalletAnswer.Done(), await wallet.ApplyAsync(debit, Ct));
        Assert.Equal(3_766, simulated.CentsOf("player-1"));
        Assert.Equal(new WalletAnswer.Done(), await wallet.CancelAsync(debit, Ct));
        Assert.Equal(new WalletAnswer.Done(), await wallet.CancelAsync(debit, Ct));
        Assert.Equal(new WalletAnswer.Done(), await wallet.CancelAsync(late, Ct));
        Assert.IsNotType<WalletAnswer.Done>(await wallet.ApplyAsync(late, Ct));

        Assert.Equal(5_000, simulated.CentsOf("player-1"));
        Assert.Equal(new WalletAnswer.Refused("cancelled"), await wallet.StatusAsync(debit, Ct));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Winners_of_a_batch_are_each_judged_for_themselves(string example)
    {
        var (simulated, wallet) = Open(example);
        simulated.Closed.Add("player-7");
        WalletTransaction[] credits = [.. Enumerable.Range(1, 120).Select(i => Credit(wallet, $"payout-{i}", $"player-{i}", i * 10_000L))];

        var answers = await wallet.CreditBatchAsync("batch-1", credits, Ct);
        var again = await wallet.CreditBatchAsync("batch-1", credits, Ct);

        Assert.Equal(answers, again);
        Assert.Equal(7, Enumerable.Range(1, 120).Single(i => answers[i - 1] == new WalletAnswer.Refused("player_closed")));
        Assert.Equal(119, answers.Count(answer => answer is WalletAnswer.Done));
        Assert.All(Enumerable.Range(1, 120).Where(i => i != 7), i => Assert.Equal(i, simulated.CentsOf($"player-{i}")));
    }

    [Fact]
    public async Task A_batch_that_is_answered_for_half_of_its_winners_leaves_the_others_in_doubt()
    {
        var (simulated, wallet) = Open("errors-in-body");
        simulated.Spoiled.Enqueue(answer =>
        {
            var body = JsonNode.Parse(answer.Content.ReadAsStringAsync(Ct).Result)!;
            body["data"]!.AsArray().RemoveAt(0);
            return new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString()) };
        });

        var answers = await wallet.CreditBatchAsync("batch", [Credit(wallet, "a"), Credit(wallet, "b")], Ct);

        Assert.IsType<WalletAnswer.InDoubt>(answers[0]);
        Assert.IsType<WalletAnswer.Done>(answers[1]);
    }

    [Theory]
    [InlineData("errors-in-status", "SEK", "SE")]
    [InlineData("errors-in-body", "EUR", "MT")]
    public async Task A_token_names_its_player_and_a_bad_one_is_refused(string example, string currency, string jurisdiction)
    {
        var (_, wallet) = Open(example);

        var read = Assert.IsType<WalletReading<WalletPlayer>.Read>(await wallet.AuthenticateAsync("brand-42", "good", Ct)).Value;
        Assert.Equal(("p", currency, jurisdiction), (read.PlayerId, read.Currency.Code, read.Jurisdiction));
        Assert.Contains("token_expired", Assert.IsType<WalletReading<WalletPlayer>.Refused>(await wallet.AuthenticateAsync("brand-42", "bad", Ct)).Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string, HttpStatusCode> Doubts()
    {
        var data = new TheoryData<string, HttpStatusCode>();
        foreach (var example in Examples)
        {
            foreach (var status in (int[])[302, 408, 425, 429, 500, 502, 503, 504])
            {
                data.Add(example.Data, (HttpStatusCode)status);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Doubts))]
    public async Task A_status_that_says_nothing_about_the_effect_leaves_the_credit_in_doubt(string example, HttpStatusCode status)
    {
        var (simulated, wallet) = Open(example);
        simulated.Spoiled.Enqueue(_ => new HttpResponseMessage(status) { Content = new StringContent("<html>") });

        Assert.True(Assert.IsType<WalletAnswer.InDoubt>(await wallet.ApplyAsync(Credit(wallet, "payout-1"), Ct)).MayHaveArrived);
    }

    [Theory]
    [InlineData("errors-in-status", "{}")]
    [InlineData("errors-in-status", "<html>")]
    [InlineData("errors-in-body", "{}")]
    [InlineData("errors-in-body", "<html>")]
    [InlineData("errors-in-body", """{"code":77}""")]
    [InlineData("errors-in-body", """{"code":0,"code":3}""")]
    [InlineData("shared-round", "")]
    [InlineData("shared-round", """{"result":"ERROR","error":"NEW"}""")]
    public async Task A_200_that_no_rule_knows_is_in_doubt_and_strange(string example, string body)
    {
        var (simulated, wallet) = Open(example);
        simulated.Spoiled.Enqueue(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) });

        Assert.True(Assert.IsType<WalletAnswer.InDoubt>(await wallet.ApplyAsync(Credit(wallet, "payout-1"), Ct)).IsStrange);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_plain_4xx_is_a_refusal_of_a_credit_and_says_nothing_in_answer_to_a_query(string example)
    {
        var (simulated, wallet) = Open(example);
        HttpResponseMessage Teapot(HttpResponseMessage _) => new((HttpStatusCode)418) { Content = new StringContent("short and stout") };
        simulated.Spoiled.Enqueue(Teapot);
        simulated.Spoiled.Enqueue(Teapot);

        Assert.Equal(new WalletAnswer.Refused("http_418"), await wallet.ApplyAsync(Credit(wallet, "payout-1"), Ct));
        Assert.IsType<WalletAnswer.InDoubt>(await wallet.StatusAsync(Credit(wallet, "payout-1"), Ct));
    }

    [Fact]
    public async Task An_amount_that_the_operator_could_only_be_told_wrongly_is_not_sent()
    {
        var (simulated, wallet) = Open("shared-round");

        Assert.IsType<WalletAnswer.Refused>(await wallet.ApplyAsync(Credit(wallet, "payout-1", micros: 12_345_000), Ct));
        Assert.Empty(simulated.Requests);
    }

    [Fact]
    public async Task An_id_of_dots_stays_in_its_place_of_the_path()
    {
        var (simulated, wallet) = Open("errors-in-status");

        await wallet.ApplyAsync(Credit(wallet, "payout-1", player: ".."), Ct);

        Assert.Equal("/base/players/%2E%2E/credits", simulated.Requests[0].RequestUri!.AbsolutePath);
    }

    static IEnumerable<string> Texts(JsonNode node) => node switch
    {
        JsonObject map => map.SelectMany(field => Texts(field.Value!)),
        JsonArray list => list.SelectMany(item => Texts(item!)),
        _ => [node.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)node! : node.ToJsonString()],
    };
}
