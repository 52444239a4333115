using System.Net.Http.Json;
using System.Text.Json;
using Jackpot.Core.Amounts;
using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Programs;
using Jackpot.TestKit;
using Jackpot.Wallets.Conformance;
using Jackpot.Wallets.Mapping;
using Jackpot.Wallets.Operators;
using static Jackpot.Wallets.Conformance.ConformanceRun;

namespace Jackpot.Wallet.Tests.Conformance;

/// <summary>A reference wallet that asks for signatures.</summary>
public sealed class SignedWalletFixture : IAsyncLifetime
{
    public const string KeyId = "brand-42-key";
    public const string Secret = "a secret that only tests know";

    readonly PostgresFixture _postgres = new();
    ChildProcess? _process;

    public Uri Url { get; } = new($"http://127.0.0.1:{FreePort.Next()}/");

    public async ValueTask InitializeAsync()
    {
        if (!Needs.Has(NeededProgram.PostgreSql))
        {
            return;
        }

        _process = ChildProcess.StartDotnet(RepositoryFolder.BuiltDll("services/Jackpot.Wallet"), environment: new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = Url.GetLeftPart(UriPartial.Authority),
            ["ConnectionStrings__Wallet"] = await _postgres.CreateDatabaseAsync(),
            ["Wallet__FaultEndpoint"] = "true",
            ["Wallet__Keys__" + KeyId] = Secret,
        });
        await _process.AnswersAsync($"{Url}readyz");
        using var http = new HttpClient { BaseAddress = Url };
        (await http.PutAsync("/wallet-admin/players/brand-42/closed-player/closed", null)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}

/// <summary>The conformance kit finds nothing wrong with the reference wallet, and with each of its flaws what is wrong and nothing else.</summary>
public sealed class ConformanceTests(SignedWalletFixture wallet) : IClassFixture<SignedWalletFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static readonly string[] MovedTwice = [Names.Replay, Names.AtOnce, Names.TimeOutAfterCredit, Names.TimeOutAfterDebit, Names.Batch, Names.DuplicateItem];

    public static TheoryData<string, string[]> Flaws() => new()
    {
        { "applies_repetitions", [.. MovedTwice, Names.OtherBody] },
        { "applies_repetitions_in_batch", [Names.Batch, Names.DuplicateItem] },
        { "takes_reused_ids", [Names.OtherBody] },
        { "forgets_cancellations", [Names.CancelFirst] },
        { "refuses_whole_batches", [Names.PartialBatch] },
        { "loses_digits", [Names.Huge] },
        { "knows_no_ids", [Names.Status, Names.AtOnce, Names.TimeOutAfterCredit, Names.TimeOutAfterDebit, Names.DuplicateItem] },
        { "gives_no_reasons", [Names.Reasons] },
        { "believes_any_signature", [Names.WrongSignature, Names.ClockSkew, Names.ReplayedRequest] },
        { "believes_any_clock", [Names.ClockSkew] },
        { "believes_replays", [Names.ReplayedRequest] },
        { "signs_nothing", [Names.SignedAnswers] },
    };

    [Fact]
    public async Task The_reference_wallet_conforms_and_every_check_was_made()
    {
        await SetAsync();

        var report = await RunAsync();

        Assert.True(report is { Conforms: true, CreditsAreIdempotent: true }, report.ToText());
        Assert.All(report.Checks, check => Assert.Equal(Verdict.Passed, check.Verdict));
        Assert.Equal(21, report.Checks.Length);
    }

    [Theory]
    [MemberData(nameof(Flaws))]
    public async Task A_flaw_fails_the_checks_that_it_must_fail_and_no_other(string flaw, string[] failing)
    {
        await SetAsync(flaw);

        var report = await RunAsync();
        await SetAsync();

        Assert.Equal(failing.Order(), report.Checks.Where(check => check.Verdict == Verdict.Failed).Select(check => check.Check).Order());
        Assert.DoesNotContain(report.Checks, check => check.Verdict == Verdict.Skipped);
        Assert.False(report.Conforms);
        Assert.Equal(!failing.Contains(Names.Replay) && !failing.Contains(Names.AtOnce), report.CreditsAreIdempotent);
    }

    [Fact]
    public async Task Slow_answers_are_told_and_fail_nothing_else()
    {
        await SetAsync();
        using var http = new HttpClient { BaseAddress = wallet.Url };
        (await http.PostAsJsonAsync("/wallet-admin/faults", new { kind = "slow", count = 200, delay_ms = 60 }, Ct)).EnsureSuccessStatusCode();

        var report = await RunAsync(answerTimeMax: TimeSpan.FromMilliseconds(50));
        (await http.DeleteAsync("/wallet-admin/faults", Ct)).EnsureSuccessStatusCode();

        Assert.Equal([Names.SlowAnswer], report.Checks.Where(check => check.Verdict == Verdict.Failed).Select(check => check.Check));
    }

    [Fact]
    public async Task A_wallet_without_keys_or_closed_players_has_those_checks_skipped_with_the_reason()
    {
        Needs.Program(NeededProgram.PostgreSql);
        var plan = Plan(TimeSpan.FromSeconds(5));

        var report = await ConformanceRun.RunAsync(
            plan with { ClosedPlayer = null, Operator = plan.Operator with { KeyId = null, SecretName = null } }, TimeProvider.System);

        var skipped = report.Checks.Where(check => check.Verdict == Verdict.Skipped).ToArray();
        Assert.Equal([Names.PartialBatch, Names.Reasons, Names.WrongSignature, Names.ClockSkew, Names.ReplayedRequest, Names.SignedAnswers], skipped.Select(check => check.Check));
        Assert.All(skipped, check => Assert.NotEmpty(check.Seen));
        Assert.False(report.Conforms || report.CreditsAreIdempotent);
    }

    [Fact]
    public async Task A_report_says_the_same_to_a_person_and_to_a_machine()
    {
        await SetAsync("gives_no_reasons");
        var report = await RunAsync();
        await SetAsync();

        using var json = JsonDocument.Parse(report.ToJson());
        Assert.Equal("standard", json.RootElement.GetProperty("mapping").GetString());
        Assert.True(json.RootElement.GetProperty(OperatorFile.IdempotentCredits).GetBoolean());
        Assert.Equal(Names.Reasons, Assert.Single(json.RootElement.GetProperty("checks").EnumerateArray(), check => check.GetProperty("verdict").GetString() == "failed").GetProperty("check").GetString());
        Assert.Contains("FAILED   refusal-reasons", report.ToText(), StringComparison.Ordinal);
        Assert.Contains("<tr class=\"failed\"><td>FAILED</td><td><code>refusal-reasons</code>", report.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", (report with { Wallet = "<script>" }).ToHtml(), StringComparison.Ordinal);
    }

    /// <summary>Written anew with JACKPOT_WRITE_CONFORMANCE=1, like the other pages that tests write.</summary>
    [Fact]
    public async Task The_report_that_the_demo_operators_name_is_what_a_run_finds()
    {
        await SetAsync();
        var report = await RunAsync() with { Wallet = "the reference wallet", At = new DateTimeOffset(2026, 11, 30, 0, 0, 0, TimeSpan.Zero) };
        foreach (var path in Directory.GetDirectories(Path.Combine(RepositoryFolder.Root, "regions")).Select(region => Path.Combine(region, "wallets", "reference.check.json")))
        {
            if (Environment.GetEnvironmentVariable("JACKPOT_WRITE_CONFORMANCE") == "1")
            {
                await File.WriteAllTextAsync(path, report.ToJson() + "\n", Ct);
            }

            Assert.Equal(report.ToJson() + "\n", await File.ReadAllTextAsync(path, Ct));
        }
    }

    [Fact]
    public async Task An_unsigned_question_is_not_answered_and_the_open_pages_are()
    {
        Needs.Program(NeededProgram.PostgreSql);
        using var http = new HttpClient { BaseAddress = wallet.Url };

        Assert.Equal(401, (int)(await http.GetAsync("/wallet/transactions", Ct)).StatusCode);
        using var page = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json", Ct));
        Assert.StartsWith("3.", page.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    async Task SetAsync(params string[] flaws)
    {
        Needs.Program(NeededProgram.PostgreSql);
        using var http = new HttpClient { BaseAddress = wallet.Url };
        (await http.PutAsJsonAsync("/wallet-admin/flaws", new { flaws }, Ct)).EnsureSuccessStatusCode();
    }

    Task<ConformanceReport> RunAsync(TimeSpan? answerTimeMax = null) => ConformanceRun.RunAsync(Plan(answerTimeMax ?? TimeSpan.FromSeconds(5)), TimeProvider.System);

    ConformancePlan Plan(TimeSpan answerTimeMax) => new(
        new OperatorSettings("brand-42", wallet.Url, WalletMapping.Standard) { KeyId = SignedWalletFixture.KeyId, SecretName = "s" },
        SignedWalletFixture.Secret, $"wallet-check-{Guid.NewGuid():N}", Currency.Parse("EUR"), "closed-player", answerTimeMax)
    {
        OutcomeWithin = TimeSpan.FromSeconds(2),
    };
}
