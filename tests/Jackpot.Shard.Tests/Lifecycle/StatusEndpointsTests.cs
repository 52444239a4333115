using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Contributions;
using Jackpot.Shard.Tests.Changes;
using Jackpot.TestKit;
using static Jackpot.Shard.Tests.Changes.StaffSteps;

namespace Jackpot.Shard.Tests.Lifecycle;

/// <summary>Pausing, resuming and ending, over the endpoints.</summary>
public sealed class StatusEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>It starts from nothing, so that it can be ended before it is played.</summary>
    static JackpotDefinition Empty(string id) => TestLedger.MustDrop(id).WithPool(0, pool => pool with { SeedMicros = 0 });

    [Theory]
    [InlineData("active", "pause", 204, null)]
    [InlineData("active", "resume", 409, "jackpot-already-so")]
    [InlineData("active", "decommission", 409, "jackpot-not-paused")]
    [InlineData("paused", "pause", 409, "jackpot-already-so")]
    [InlineData("paused", "resume", 204, null)]
    [InlineData("paused", "decommission", 409, "jackpot-holds-money")]
    [InlineData("paused, empty", "decommission", 204, null)]
    [InlineData("decommissioned", "pause", 409, "jackpot-over")]
    [InlineData("decommissioned", "resume", 409, "jackpot-over")]
    [InlineData("decommissioned", "decommission", 409, "jackpot-already-so")]
    [Trait("Rule", "R24")]
    public async Task Every_step_in_every_status_is_taken_or_refused_with_its_reason_and_then_changes_nothing(
        string status, string step, int answer, string? type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(status is "active" or "paused" ? TestLedger.MustDrop("pot") : Empty("pot"));
        string[] way = status switch { "active" => [], "decommissioned" => ["pause", "decommission"], _ => ["pause"] };
        foreach (var before in way)
        {
            (await endpoints.StatusAsync("pot", before)).Is(204);
        }

        var rows = await ledger.EveryRowAsync();
        var taken = await endpoints.StatusAsync("pot", step);

        if (type is null)
        {
            taken.Is(answer);
            var after = step switch { "pause" => "paused", "resume" => "active", _ => "decommissioned" };
            Assert.Equal(after, await ledger.ScalarAsync<string>("SELECT status FROM jackpot_state"));
            Assert.Equal($"{Author} maintenance {status.Split(',')[0]} {after}", await ledger.ScalarAsync<string>(
                "SELECT concat_ws(' ', person, why, before, after) FROM audit_entry ORDER BY number DESC LIMIT 1"));
        }
        else
        {
            Assert.NotEmpty(taken.IsProblem(answer, type));
            Assert.Equal(rows, await ledger.EveryRowAsync());
        }
    }

    [Fact]
    public async Task A_step_names_its_staff_user_and_its_reason()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TestLedger.MustDrop("pot"));

        (await endpoints.PostAsync("/v1/admin/jackpots/pot/pause", """{"why":"x"}""")).IsProblem(401, "person-missing");
        (await endpoints.PostAsync("/v1/admin/jackpots/pot/pause", "{}", Author)).IsProblem(422, "field-missing");
        (await endpoints.PostAsync("/v1/admin/jackpots/pot/pause", null, Author)).IsProblem(400, "malformed-json");
        Assert.Equal("active", await ledger.ScalarAsync<string>("SELECT status FROM jackpot_state"));
    }

    [Fact]
    [Trait("Rule", "R30")]
    public async Task A_resumed_jackpot_goes_on_with_the_same_amounts_cycles_secrets_and_thresholds()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TwoTiers("pot"));
        var writer = ledger.NewWriter();
        await writer.RecordAsync([ledger.Item(jackpot, "k1", 30_000_000)], Ct);
        await endpoints.AgreedAsync(TwoTiers("pot").WithPool(0, pool => pool with { ReservePpm = 1 }));
        var before = await ledger.EverythingAsync();

        (await endpoints.StatusAsync("pot", "pause")).Is(204);
        var refused = await writer.RecordAsync([ledger.Item(jackpot, "k2")], Ct);
        (await endpoints.BetAsync("pot", "k3")).IsProblem(409, "jackpot-paused");
        (await endpoints.StatusAsync("pot", "resume")).Is(204);

        Assert.Equal(RecordedKind.Paused, refused[0].Kind);
        Assert.Equal(before, await ledger.EverythingAsync());
        Assert.Equal(RecordedKind.Accepted, (await writer.RecordAsync([ledger.Item(jackpot, "k2")], Ct))[0].Kind);
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_batch_decided_before_a_pause_is_not_committed_after_it()
    {
        const int Pauses = 8;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var playing = Task.Run(async () =>
        {
            var writer = ledger.NewWriter();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await writer.RecordAsync([ledger.Item(jackpot, $"k{i}")], Ct);
            }
        }, Ct);

        for (var i = 0; i < Pauses; i++)
        {
            (await endpoints.StatusAsync("pot", "pause")).Is(204);
            var paused = await ledger.EverythingAsync();
            for (var look = 0; look < 5; look++)
            {
                Assert.Equal(paused, await ledger.EverythingAsync());
            }

            (await endpoints.StatusAsync("pot", "resume")).Is(204);
        }

        await stop.CancelAsync();
        await playing;
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task Ending_a_jackpot_ends_its_changes()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(Empty("pot"));
        var waiting = await endpoints.AgreedAsync(Empty("pot").WithPool(0, pool => pool with { ReservePpm = 1 }));
        var proposed = await endpoints.ProposedAsync(Empty("pot") with { Name = "Better" });

        (await endpoints.StatusAsync("pot", "pause")).Is(204);
        (await endpoints.StatusAsync("pot", "decommission")).Is(204);

        Assert.Equal("withdrawn", (await endpoints.ChangeAsync(waiting)).StatusWord());
        (await endpoints.StepAsync(proposed, "approve", Other)).IsProblem(409, "not-in-this-state");
        (await endpoints.DraftAsync(Empty("pot"))).IsProblem(409, "jackpot-over");
    }

    [Fact]
    [Trait("Rule", "R22")]
    public async Task Creating_a_jackpot_is_audited_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var json = TwoTiers("pot").ToJson();

        (await endpoints.PutAsync("/v1/admin/jackpots/pot", json)).IsProblem(401, "person-missing");
        (await endpoints.PutAsync("/v1/admin/jackpots/pot", json, Author)).Is(201);
        (await endpoints.PutAsync("/v1/admin/jackpots/pot", json, Other)).Is(200);
        (await endpoints.PutAsync("/v1/admin/jackpots/pot", (TwoTiers("pot") with { Name = "x" }).ToJson(), Author)).IsProblem(409, "configuration-differs");
        (await endpoints.PutAsync("/v1/admin/jackpots/other", json, Author)).IsProblem(422, "configuration-invalid");

        Assert.Equal($"1 jackpot pot founded {Author}", await ledger.ScalarAsync<string>(
            "SELECT string_agg(concat_ws(' ', number, component, action, person), ', ') FROM audit_entry"));
        Assert.Equal(json, await ledger.ScalarAsync<string>("SELECT after FROM audit_entry"));
    }
}
