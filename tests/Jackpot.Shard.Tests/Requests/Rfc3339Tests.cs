using Jackpot.Contracts.Instants;
using Jackpot.Contracts.Jackpots;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Requests;

public sealed class Rfc3339Tests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.0000000Z")]
    [InlineData("2026-01-31t12:00:00z", "2026-01-31T12:00:00.0000000Z")]
    [InlineData("2026-01-31T12:00:00.5+01:00", "2026-01-31T11:00:00.5000000Z")]
    [InlineData("2026-01-31T12:00:00.123456789-02:30", "2026-01-31T14:30:00.1234568Z")]
    [InlineData("2026-01-31T12:00:00-00:00", "2026-01-31T12:00:00.0000000Z")]
    public void An_instant_with_its_offset_is_read(string text, string utc)
    {
        Assert.True(Rfc3339.TryParse(text, out var instant));
        Assert.Equal(utc, instant.UtcDateTime.ToString("O"));
    }

    public static TheoryData<string> NoInstants =>
    [
        "04:03", "2026-01-31", "2026-01-31T12:00:00", "31.01.2026 04:03", "01/02/2026 04:03", "2026-01-31 12:00:00Z", "2026-01-31T12:00Z", "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00+0100", "2026-01-31T12:00:00+1:00", "2026-01-31T12:00:00 Z", " 2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z ", "2026-02-30T12:00:00Z", "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:60Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-31T12:00:00+24:00", "Sat, 31 Jan 2026 12:00:00 GMT", "yesterday", "",
    ];

    [Theory]
    [MemberData(nameof(NoInstants))]
    public void Anything_else_is_none(string text) => Assert.False(Rfc3339.TryParse(text, out _));

    [Theory]
    [InlineData("04:03")]
    [InlineData("31.01.2026 04:03")]
    [InlineData("2026-01-31T12:00:00")]
    [InlineData("2026-01-31")]
    public async Task A_bet_and_a_definition_with_another_time_are_refused_with_the_form_that_is_taken(string time)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var bet = BetBody.Json(ledger, "k", "plain", ("occurred_at", $"\"{time}\""));
        Assert.Contains("RFC 3339 time with an offset", (await endpoints.SendAsync(bet)).IsProblem(422, "field-invalid"), StringComparison.Ordinal);

        var day = new DateTimeOffset(2027, 3, 4, 5, 6, 7, TimeSpan.Zero);
        var definition = TestLedger.Quiet("event") with { Eligibility = new EligibilityDefinition(From: day, Until: day.AddDays(1)) };
        var json = definition.ToJson().Replace("2027-03-04T05:06:07+00:00", time, StringComparison.Ordinal);
        Assert.Contains("RFC 3339 time with an offset", (await endpoints.PutAsync("/v1/admin/jackpots/event", json, "anna")).IsProblem(422, "configuration-invalid"), StringComparison.Ordinal);
        (await endpoints.PutAsync("/v1/admin/jackpots/event", definition.ToJson(), "anna")).Is(201);
    }
}
