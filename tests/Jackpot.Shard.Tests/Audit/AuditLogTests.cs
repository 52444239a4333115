using System.Text.Json;
using Jackpot.Ledger.Audit;
using Jackpot.Shard.Tests.Changes;
using Jackpot.TestKit;
using static Jackpot.Shard.Tests.Changes.StaffSteps;

namespace Jackpot.Shard.Tests.Audit;

public sealed class AuditLogTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static List<JsonElement> Lines(EndpointAnswer answer) =>
        [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    [Fact]
    [Trait("Rule", "R22")]
    [Trait("Rule", "R23")]
    public async Task A_superusers_change_of_any_column_of_any_entry_is_found()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));
        await endpoints.AgreedAsync(TwoTiers("pot") with { Name = "Better" });
        (await endpoints.GetAsync("/v1/audit/log/verify")).Is(200);
        await ledger.ExecuteAsync("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only; CREATE TABLE kept AS SELECT * FROM audit_entry");
        string[] changes =
        [
            "number = number + 100", "at_ms = at_ms + 1", "component = component || ' '", "action = 'nothing'", "person = 'nobody'", "authorised_by = authorised_by || 'x'",
            "why = upper(why)", "before = before || ' '", "after = after || ' '", "previous = sha256(previous)", "hash = sha256(hash)",
        ];
        var columns = await ledger.ScalarAsync<long>("SELECT count(*) FROM information_schema.columns WHERE table_name = 'audit_entry'");
        var entries = await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_entry");
        Assert.Equal((columns, 5L), (changes.Length, entries));

        for (var entry = 1; entry <= entries; entry++)
        {
            foreach (var change in changes.Append("DELETE").Where(change => change != "DELETE" || entry < entries))
            {
                await ledger.ExecuteAsync(change == "DELETE" ? $"DELETE FROM audit_entry WHERE number = {entry}" : $"UPDATE audit_entry SET {change} WHERE number = {entry}");
                var verdict = (await endpoints.GetAsync("/v1/audit/log/verify")).Is(409);
                Assert.True(verdict.GetProperty("broken").GetArrayLength() > 0, $"entry {entry}: {change}");
                await ledger.ExecuteAsync("TRUNCATE audit_entry; INSERT INTO audit_entry SELECT * FROM kept");
            }
        }

        (await endpoints.GetAsync("/v1/audit/log/verify")).Is(200);
    }

    [Fact]
    [Trait("Rule", "R23")]
    public async Task Entries_cannot_be_changed_or_removed_by_the_platform()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));
        foreach (var sql in new[] { "UPDATE audit_entry SET why = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry" })
        {
            var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ledger.ExecuteAsync(sql));
            Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_log_is_read_page_by_page_and_its_head_tells_whether_the_end_was_cut_off()
    {
        const int Entries = 2_500;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var audit = new AuditLog(ledger.Clock);
        await using (var connection = await ledger.Database.OpenConnectionAsync(Ct))
        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            for (var i = 0; i < Entries; i++)
            {
                await audit.AppendAsync(transaction, new AuditedStep("test", $"step {i}", "anna", "test"), Ct);
            }

            await transaction.CommitAsync(Ct);
        }

        var read = new List<long>();
        for (var page = Lines(await endpoints.GetAsync("/v1/audit/log")); page.Count > 0; page = Lines(await endpoints.GetAsync($"/v1/audit/log?after={read[^1]}")))
        {
            Assert.InRange(page.Count, 1, 1_000);
            read.AddRange(page.Select(entry => entry.GetProperty("number").GetInt64()));
        }

        Assert.Equal(Enumerable.Range(1, Entries).Select(i => (long)i), read);
        var last = Lines(await endpoints.GetAsync($"/v1/audit/log?after={Entries - 1}&limit=1")).Single();
        var verdict = (await endpoints.GetAsync("/v1/audit/log/verify")).Is(200);
        Assert.Equal((Entries, last.GetProperty("hash").GetString()), (verdict.GetProperty("entries").GetInt32(), verdict.GetProperty("head").GetString()));
        (await endpoints.GetAsync("/v1/audit/log?limit=0")).IsProblem(422, "field-invalid");
        (await endpoints.GetAsync("/v1/audit/log?after=-1")).IsProblem(422, "field-invalid");
    }

    [Fact]
    public async Task Writers_at_once_make_one_chain()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => endpoints.PutAsync($"/v1/admin/jackpots/j{i}", TwoTiers($"j{i}").ToJson(), Author)));

        Assert.Equal(20, (await endpoints.GetAsync("/v1/audit/log/verify")).Is(200).GetProperty("entries").GetInt32());
    }
}
