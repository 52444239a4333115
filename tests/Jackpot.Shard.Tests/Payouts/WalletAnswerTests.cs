using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Awards;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Players;
using Jackpot.Shard.Tests.Storage;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>An answer counts only when it is about our payout, and whatever it says, its outcome can be written down.</summary>
public sealed class WalletAnswerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly Payout Payout = new("payout-1", "award-1", PayoutState.Requested, null, 0, TestLedger.Tenant, "player-1", 2_500_000, "EUR");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("amount", "2.5")]
    [InlineData("amount", "2.500000")]
    [InlineData("amount", "25E-1")]
    [InlineData("balance", "1e400")]
    public async Task An_answer_about_our_payout_counts_however_its_numbers_are_spelled(string field, string json)
    {
        using var wallet = new FakeWallet { Answer = transaction => (HttpStatusCode.OK, FakeWallet.Outcome(transaction, (field, json))) };

        Assert.Equal(WalletReply.Done, (await wallet.Client().CreditAsync(Payout, Ct)).Reply);
        Assert.Equal(WalletReply.Done, (await wallet.Client().FindAsync(Payout, Ct)).Reply);
    }

    public static TheoryData<string, string?> Others() => new()
    {
        { "transaction_id", "\"payout-2\"" }, { "transaction_id", "\"Payout-1\"" }, { "transaction_id", null }, { "transaction_id", "null" }, { "transaction_id", "1" },
        { "player_id", "\"player-2\"" }, { "player_id", null }, { "player_id", "\"\\ud800\"" },
        { "amount", "2.500001" }, { "amount", "250" }, { "amount", "-2.5" }, { "amount", "\"2.50\"" }, { "amount", null }, { "amount", "1e400" }, { "amount", "1e-400" },
        { "currency", "\"SEK\"" }, { "currency", "\"eur\"" }, { "currency", null },
        { "status", "\"DONE\"" }, { "status", null }, { "status", "[]" },
        { "status\":\"refused\",\"status", "\"done\"" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task An_answer_about_anything_else_is_in_doubt_and_an_alarm(string field, string? json)
    {
        using var wallet = new FakeWallet { Answer = transaction => (HttpStatusCode.OK, FakeWallet.Outcome(transaction, (field, json))) };
        using var alarms = new Alarms();

        Assert.Equal(WalletReply.InDoubt, (await wallet.Client().CreditAsync(Payout, Ct)).Reply);
        Assert.Equal(WalletReply.InDoubt, (await wallet.Client().FindAsync(Payout, Ct)).Reply);

        Assert.Equal(["credit", "query"], alarms.Questions);
    }

    [Fact]
    public async Task A_refusal_of_another_payout_refuses_nothing()
    {
        using var wallet = new FakeWallet
        {
            Answer = transaction => (HttpStatusCode.UnprocessableEntity, FakeWallet.Outcome(transaction, ("status", "\"refused\""), ("player_id", "\"player-2\""))),
        };

        Assert.Equal(WalletReply.InDoubt, (await wallet.Client().CreditAsync(Payout, Ct)).Reply);
    }

    [Fact]
    public async Task A_wallet_that_has_something_else_under_our_id_is_in_doubt_and_an_alarm()
    {
        using var wallet = new FakeWallet { Answer = _ => (HttpStatusCode.Conflict, []) };
        using var alarms = new Alarms();

        Assert.Equal(WalletReply.InDoubt, (await wallet.Client().CreditAsync(Payout, Ct)).Reply);
        Assert.Equal(["credit"], alarms.Questions);
    }

    [Fact]
    public async Task An_answer_without_an_end_is_not_read_to_its_end()
    {
        using var wallet = new FakeWallet { Answer = transaction => (HttpStatusCode.OK, [.. FakeWallet.Outcome(transaction), .. new byte[10_000_000]]) };

        Assert.Equal(WalletReply.InDoubt, (await wallet.Client().CreditAsync(Payout, Ct)).Reply);
    }

    public static TheoryData<string, string> Reasons() => new()
    {
        { "\"a\\u0000b\"", "a\uFFFDb" },
        { $"\"{new string('x', 199)}\U0001F600\"", new string('x', 199) },
        { "\"\\ud800\"", "\"\\ud800\"" },
        { "null", "no_reason_given" },
        { "{\"code\":7}", "{\"code\":7}" },
        { $"\"{new string('y', 5_000)}\"", new string('y', 200) },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_refusal_is_held_whatever_its_reason_says(string json, string kept)
    {
        using var wallet = new FakeWallet
        {
            Answer = transaction => (HttpStatusCode.UnprocessableEntity, FakeWallet.Outcome(transaction, ("status", "\"refused\""), ("reason", json))),
        };
        await using var ledger = await DroppedAsync();

        Assert.Equal(CreditOutcome.Held, await CreditAsync(ledger, wallet, await ledger.ScalarAsync<string>("SELECT payout_id FROM payout")));
        Assert.Equal(["held " + kept], await ledger.RowsAsync("SELECT state, reason FROM payout"));
    }

    [Fact]
    public async Task A_reason_that_is_no_utf8_is_held_as_well()
    {
        using var wallet = new FakeWallet
        {
            Answer = transaction => (HttpStatusCode.UnprocessableEntity,
                Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(FakeWallet.Outcome(transaction, ("status", "\"refused\""), ("reason", "\"n\u00e3o\""))))),
        };
        await using var ledger = await DroppedAsync();

        Assert.Equal(CreditOutcome.Held, await CreditAsync(ledger, wallet, await ledger.ScalarAsync<string>("SELECT payout_id FROM payout")));
        Assert.Equal(["n\uFFFDo"], await ledger.RowsAsync("SELECT reason FROM payout"));
    }

    [Fact]
    public async Task Open_payouts_of_the_version_before_epochs_are_paid_once_under_their_old_ids()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using (var database = NpgsqlDataSource.Create(connection))
        {
            await EarlierVersion.MigrateUntilAsync(database, "040", Ct);
            await EarlierVersion.AddOpenPayoutsAsync(database, Ct);
        }

        await using var ledger = await TestLedger.OpenAsync(connection);
        using var wallet = new FakeWallet();
        wallet.Apply(FakeWallet.Transaction(Payout with { PayoutId = "payout-" + EarlierVersion.AwardId, AmountMicros = 15_000_000 }));
        foreach (var payout in (string[])[Payout.IdOf(EarlierVersion.AwardId), Payout.IdOf(EarlierVersion.AwardId, 1), Payout.IdOf(EarlierVersion.AwardId)])
        {
            Assert.Equal(CreditOutcome.Credited, await CreditAsync(ledger, wallet, payout));
        }

        Assert.Equal(
            [("payout-" + EarlierVersion.AwardId, "player-1", 15m), ($"payout-{EarlierVersion.AwardId}-1", "player-2", 5m)], wallet.Credits);
        Assert.Equal(["credited", "credited"], await ledger.RowsAsync("SELECT state FROM payout"));
    }

    static Task<CreditOutcome> CreditAsync(TestLedger ledger, FakeWallet wallet, string payoutId) => wallet.CreditAsync(ledger, payoutId);

    async Task<TestLedger> DroppedAsync()
    {
        var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.FoundAsync(TestLedger.MustDrop("drop"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k", stakeMicros: 200_000_000)], Ct);
        return ledger;
    }

    /// <summary>What the metrics say of answers that were not ours; only this class asks wallets.</summary>
    sealed class Alarms : IDisposable
    {
        readonly MeterListener _listener = new();

        public Alarms()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "jackpot.wallet.answers_not_ours")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Questions.Add((string)tags[0].Value!));
            _listener.Start();
        }

        public List<string> Questions { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}
