using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Links;
using Jackpot.Ledger.Dedupe;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Storage.Dedupe;

public sealed class ExpiredRowsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_is_followed_as_long_as_its_bet_is_taken_and_then_deleted()
    {
        var start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var clock = new FakeTimeProvider(start);
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await ledger.ExecuteAsync($"UPDATE dedupe_window SET opened_at = '{start:O}'");
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var slots = new SourceDefinition(SourceKind.Vertical, "slots");
        await ledger.CreateJackpotAsync(TestLedger.Quiet("one") with { Sources = [slots] });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("two") with { Sources = [slots] });
        var bet = BetBody.Json(ledger, "k", null, ("sources", """[{"kind":"vertical","name":"slots"}]"""));
        var first = (await endpoints.SendAsync(bet)).Is(200).ToString();
        var daysTaken = 0;
        for (var day = 1; day <= 36; day++)
        {
            clock.AdjustTime(start.AddDays(day));
            await ledger.Keeper().KeepAsync(Ct);
            var again = await endpoints.SendAsync(bet);
            if (again.Body.Contains("accepted", StringComparison.Ordinal))
            {
                Assert.Equal((day - 1, first, 1L), (daysTaken, again.Json.ToString(), await PlansAsync()));
                daysTaken = day;
            }
        }

        Assert.InRange(daysTaken, 30, 33);
        Assert.Equal(0L, await PlansAsync());
        Assert.Equal(2, await ledger.StoredAsync());

        Task<long> PlansAsync() => ledger.ScalarAsync<long>("SELECT count(*) FROM fan_out");
    }

    [Fact]
    public async Task More_than_a_step_of_old_plans_go_in_one_round_and_young_ones_stay()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.ExecuteAsync("""
            INSERT INTO fan_out SELECT gen_random_uuid(), gen_random_uuid(), '[]', current_date - 40 - i % 3 FROM generate_series(1, 12000) AS i;
            INSERT INTO fan_out SELECT gen_random_uuid(), gen_random_uuid(), '[]', current_date - i FROM generate_series(0, 31) AS i
            """);
        await ExpiredRows.DeleteAsync(ledger.Database, ledger.Clock, Ct);
        Assert.Equal(12_032L, await ledger.ScalarAsync<long>("SELECT count(*) FROM fan_out"));

        await ledger.ExecuteAsync("INSERT INTO dedupe_window (number, opened_at, closed_at, dropped_at) VALUES (0, now() - interval '40 days', now() - interval '35 days', now())");
        await ExpiredRows.DeleteAsync(ledger.Database, ledger.Clock, Ct);

        Assert.Equal(32L, await ledger.ScalarAsync<long>("SELECT count(*) FROM fan_out"));
    }

    [Fact]
    public async Task Decided_entries_of_the_quarantine_go_after_five_years_and_undecided_ones_never()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        await ledger.ExecuteAsync("""
            INSERT INTO quarantine (key16, body16, jackpot, status, reason, stake, bet, bet_currency, rate_nanos, rate_version, occurred_at, received_at,
                                    tenant_id, contribution_id, player_id, game_id, round_id, decided_by, why, decided_at)
            SELECT gen_random_uuid(), gen_random_uuid(), 1, q.status, 'stake_too_large', 1, 1, 'EUR', 1, 0, now(), now(), 't', 'c', 'p', 'g', 'r',
                   CASE WHEN q.status <> 'held' THEN 'ann' END, 'w', now() - q.age
            FROM (VALUES ('released', interval '6 years'), ('refused', interval '6 years'), ('released', interval '4 years'), ('held', interval '6 years'),
                         ('releasing', interval '6 years')) AS q (status, age)
            """);

        await ExpiredRows.DeleteAsync(ledger.Database, ledger.Clock, Ct);

        Assert.Equal("held, released, releasing", await ledger.ScalarAsync<string>("SELECT string_agg(status, ', ' ORDER BY status) FROM quarantine"));
    }
}
