using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Limits;
using Jackpot.Shard.Quarantine;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Quarantine;

/// <summary>A tenant's rate counts what was recorded, not what was asked.</summary>
public sealed class RateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // Room for one bet of 10 and no more.
    static readonly LimitsDefinition Limits = new(StakeMicrosMax: null, WindowMicrosMax: 25_000_000, WindowSeconds: 86_400);

    static readonly (string, string?) Ten = BetBody.Bet("10");

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Repetitions_use_up_nothing(bool linked, bool underOtherKeys)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, new FakeTimeProvider());
        await CreateJackpotAsync(ledger, linked);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        for (var i = 0; i < 10; i++)
        {
            (await endpoints.SendAsync(BetBody.Json(ledger, "k", "main", Ten, ("idempotency_key", underOtherKeys ? $"\"k{i}\"" : "\"k\"")))).Is(200);
        }

        await AssertRoomAsync(ledger, endpoints);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_refused_uses_up_nothing(bool linked)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, new FakeTimeProvider());
        await CreateJackpotAsync(ledger, linked);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'paused', version = version + 1");
        for (var i = 0; i < 10; i++)
        {
            Assert.Contains("jackpot-paused", (await endpoints.SendAsync(BetBody.Json(ledger, $"p{i}", "main", Ten))).Body, StringComparison.Ordinal);
        }

        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'active', version = version + 1");
        await AssertRoomAsync(ledger, endpoints);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_contribution_of_a_used_id_uses_up_nothing(bool linked)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, new FakeTimeProvider());
        await CreateJackpotAsync(ledger, linked);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.SendAsync(BetBody.Json(ledger, "k", "main", BetBody.Bet("1")))).Is(200);
        for (var i = 0; i < 10; i++)
        {
            (await endpoints.SendAsync(BetBody.Json(ledger, "k", "main", Ten, ("idempotency_key", $"\"k{i}\"")))).IsProblem(409, "contribution-id-reused");
        }

        await AssertRoomAsync(ledger, endpoints);
    }

    [Fact]
    public async Task A_window_gives_back_only_what_it_took()
    {
        var clock = new FakeTimeProvider();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("main") with { Limits = Limits with { WindowSeconds = 60 } });
        var limits = new StakeLimits(clock);
        Assert.Equal(LimitVerdict.Within, limits.Judge(jackpot, TestLedger.Tenant, 20_000_000, out var before));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(LimitVerdict.Within, limits.Judge(jackpot, TestLedger.Tenant, 20_000_000, out var now));

        limits.GiveBack(jackpot, TestLedger.Tenant, before);
        Assert.Equal(LimitVerdict.RateTooHigh, limits.Judge(jackpot, TestLedger.Tenant, 20_000_000, out var nothing));
        limits.GiveBack(jackpot, TestLedger.Tenant, nothing);
        Assert.Equal(LimitVerdict.RateTooHigh, limits.Judge(jackpot, TestLedger.Tenant, 20_000_000, out _));
        limits.GiveBack(jackpot, TestLedger.Tenant, now);
        Assert.Equal(LimitVerdict.Within, limits.Judge(jackpot, TestLedger.Tenant, 20_000_000, out _));
    }

    static async Task CreateJackpotAsync(TestLedger ledger, bool linked)
    {
        await ledger.CreateJackpotAsync(TestLedger.Quiet("link") with { Limits = Limits });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("main") with { Limits = Limits, Links = linked ? ["link"] : null });
    }

    /// <summary>At most 10 of 25 are used: another 10 is within it, and then a third is not, so there is a limit at all.</summary>
    static async Task AssertRoomAsync(TestLedger ledger, TestEndpoints endpoints)
    {
        Assert.DoesNotContain("held", (await endpoints.SendAsync(BetBody.Json(ledger, "room", "main", Ten))).Body, StringComparison.Ordinal);
        Assert.Contains("rate_too_high", (await endpoints.SendAsync(BetBody.Json(ledger, "no-room", "main", BetBody.Bet("16")))).Body, StringComparison.Ordinal);
    }
}
