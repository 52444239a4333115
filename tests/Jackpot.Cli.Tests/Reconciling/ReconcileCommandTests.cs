using System.Globalization;
using Jackpot.Cli.Reconciling;
using Jackpot.Cli.Tests.Cluster;
using Jackpot.Core.Amounts;
using Jackpot.Core.Payouts;
using Jackpot.Wallets.Reconciliation;

namespace Jackpot.Cli.Tests.Reconciling;

public sealed class ReconcileCommandTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static string Credit(string id, string amount = "12.50", string state = "credited") => $$"""
        {"payout_id":"{{id}}","transaction_id":"{{id}}","player_id":"p","amount":{"amount":{{amount}},"currency":"EUR"},"state":"{{state}}","sent_at":"2026-11-30T10:00:00Z","changed_at":"2026-11-30T10:00:01Z"}
        """;

    static async Task<(int Exit, List<ShardRequest> Asked)> RunAsync(string csv, params string[] answers)
    {
        using var shard = new FakeShard();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "transaction_id,player_id,amount,currency\n" + csv, Ct);
            var asked = shard.AnswerAsync([.. answers.Select(answer => ("200 OK", answer))]);
            var exit = await ReconcileCommand.RunAsync(["--tenant", "brand-42", "--day", "2026-11-30", "--person", "anna", "--shard-url", shard.Url, file], Ct);
            return (exit, await asked);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_list_that_agrees_is_done_and_our_side_is_read_page_by_page()
    {
        var (exit, asked) = await RunAsync(
            "payout-1,p,12.5,EUR\npayout-2,p,12.50,EUR\n", $$"""{"credits":[{{Credit("payout-1")}}],"after":"payout-1"}""", $$"""{"credits":[{{Credit("payout-2")}}]}""");

        Assert.Equal(ExitCodes.Done, exit);
        Assert.Equal(
            [
                "GET /v1/admin/wallet-credits?tenant=brand-42&from=2026-11-29T23%3A00%3A00Z&until=2026-12-01T01%3A00%3A00Z HTTP/1.1",
                "GET /v1/admin/wallet-credits?tenant=brand-42&from=2026-11-29T23%3A00%3A00Z&until=2026-12-01T01%3A00%3A00Z&after=payout-1 HTTP/1.1",
            ],
            asked.Select(request => request.Line));
        Assert.All(asked, request => Assert.Contains("X-Person: anna", request.Headers, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_day_does_not_have_is_asked_for_by_its_id()
    {
        var (exit, asked) = await RunAsync("payout-1,p,12.50,EUR\npayout-9,p,12.50,EUR\n", $$"""{"credits":[{{Credit("payout-1")}}]}""", $$"""{"credits":[{{Credit("payout-9")}}]}""");

        Assert.Equal(ExitCodes.Done, exit);
        Assert.Equal("GET /v1/admin/wallet-credits?tenant=brand-42&payouts=payout-9 HTTP/1.1", asked[1].Line);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("payout-1,p,12.51,EUR\n", "")]
    [InlineData("payout-1,q,12.50,EUR\n", "")]
    [InlineData("payout-1,p,12.50,EUR\npayout-1,p,12.50,EUR\n", "")]
    [InlineData("payout-1,p,12.50,EUR\nstranger,p,1.00,EUR\n", "")]
    [InlineData("payout-1,p,12.50,EUR\n", "held")]
    public async Task Whatever_differs_ends_with_1(string csv, string state) =>
        Assert.Equal(ExitCodes.Failed, (await RunAsync(csv, $$"""{"credits":[{{Credit("payout-1", state: state.Length == 0 ? "credited" : state)}}]}""")).Exit);

    [Fact]
    public void Every_difference_is_a_line_that_says_what_is_where()
    {
        var options = ReconcileOptions.Parse(["--tenant", "t", "--day", "2026-11-30", "--zone", "Europe/Malta", "--person", "anna", "list.csv"]);
        var own = new OwnCredit("payout-1", "payout-1", "p", new Money(12_500_000, Currency.Parse("EUR")), PayoutState.PaidOutside, options.From, options.From.AddSeconds(1));
        var line = new ListedCredit(7, "payout-1", "q", new Money(13_000_000, Currency.Parse("EUR")));
        var result = new CreditComparisonResult(
            2, [.. Enum.GetValues<CreditDifferenceKind>().Select(kind => new CreditDifference(kind, "payout-1", kind == CreditDifferenceKind.Unknown ? null : own, kind == CreditDifferenceKind.Missing ? null : line))], [own]);

        Assert.Equal(
            """
            t, 2026-11-30 (Europe/Malta): 2 credits are the same, 6 differ
            missing       payout-1  12.50 EUR to p: credited here 2026-11-29 23:00:01Z, not in the list
            doubled       payout-1  line 7: 13.00 EUR to q once more
            other_amount  payout-1  line 7: 13.00 EUR; here 12.50 EUR
            other_player  payout-1  line 7: to q; here to p
            not_credited  payout-1  line 7: 13.00 EUR to q; here it is paid_outside
            unknown       payout-1  line 7: 13.00 EUR to q; nothing of that id is here
            look up       payout-1  12.50 EUR: sent 2026-11-29 23:00:00Z, known 2026-11-29 23:00:01Z; may be in the list of another day
            3 lines are of another time and were left out
            """,
            ReconcileTexts.Text(options, new CreditList([], 3), result), ignoreLineEndingDifferences: true);
        var json = System.Text.Json.JsonElement.Parse(ReconcileTexts.Json(options, new CreditList([], 3), result));
        Assert.Equal(["missing", "doubled", "other_amount", "other_player", "not_credited", "unknown"], json.GetProperty("differences").EnumerateArray().Select(one => one.GetProperty("kind").GetString()));
        Assert.Equal("12.50", json.GetProperty("differences")[0].GetProperty("here").GetProperty("amount").GetProperty("amount").GetRawText());
    }

    [Theory]
    [InlineData("2026-03-29", "Europe/Malta", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("2026-10-25", "Europe/Malta", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    [InlineData("2026-11-30", "UTC", "2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z")]
    [InlineData("2026-09-06", "America/Santiago", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z")]
    public void A_day_is_the_operators_own_also_when_clocks_change(string day, string zone, string from, string until)
    {
        var options = ReconcileOptions.Parse(["list.csv", "--tenant", "t", "--day", day, "--zone", zone, "--person", "anna"]);

        Assert.Equal((from, until), (Utc(options.From), Utc(options.Until)));
        static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData]
    [InlineData("list.csv")]
    [InlineData("list.csv", "--tenant", "t", "--day", "30.11.2026", "--person", "anna")]
    [InlineData("list.csv", "--tenant", "t", "--day", "2026-11-30")]
    [InlineData("list.csv", "--tenant", "t", "--day", "2026-11-30", "--person", "anna", "--zone", "Europe/Nowhere")]
    [InlineData("list.csv", "--tenant", "t", "--day", "2026-11-30", "--person", "anna", "--columns", "id=Ref")]
    [InlineData("list.csv", "--tenant", "t", "--day", "2026-11-30", "--person", "anna", "--amounts", "text")]
    [InlineData("list.csv", "--tenant", "t", "--day", "2026-11-30", "--person", "anna", "--separator", "::")]
    [InlineData("list.csv", "--tenant", "t", "--day", "2026-11-30", "--person", "anna", "--only", "Kind")]
    public async Task Wrong_usage_is_refused(params string[] args) =>
        Assert.Equal(ExitCodes.Usage, (await Assert.ThrowsAsync<CommandException>(() => ReconcileCommand.RunAsync(args, Ct))).ExitCode);

    [Fact]
    public async Task A_list_that_cannot_be_read_is_told_with_its_line() => Assert.Contains(
        "line 2: 'EURO' is no currency", (await Assert.ThrowsAsync<CommandException>(() => RunAsync("payout-1,p,1,EURO\n"))).Message, StringComparison.Ordinal);
}
