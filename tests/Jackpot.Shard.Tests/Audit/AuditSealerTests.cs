using System.Security.Cryptography;
using Jackpot.Contracts.Audit;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Leadership;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Audit;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using static Jackpot.Shard.Tests.Changes.StaffSteps;

namespace Jackpot.Shard.Tests.Audit;

[Trait("Rule", "R23")]
public sealed class AuditSealerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_log_is_sealed_at_once_then_daily_and_what_is_stored_is_what_is_answered()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        using var store = new MemoryAuditStore();
        await using var endpoints = await OpenAsync(ledger, store);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));
        var sealer = Sealer(ledger, store);

        await sealer.RunAsync(Ct);
        await sealer.RunAsync(Ct);
        await endpoints.AgreedAsync(TwoTiers("pot") with { Name = "Better" });
        await sealer.RunAsync(Ct);
        var first = Assert.Single(store.Documents);
        clock.Advance(TimeSpan.FromDays(1));
        await sealer.RunAsync(Ct);

        Assert.Equal(["eu-mt-1/audit-seal-00000001.json", "eu-mt-1/audit-seal-00000002.json"], store.Documents.Keys);
        Assert.Equal(store.Documents.Values, Lines((await endpoints.GetAsync("/v1/audit/seals")).Body));
        Assert.Equal([store.Documents.Values.Last()], Lines((await endpoints.GetAsync("/v1/audit/seals?after=1")).Body));
        var seals = store.Documents.Values.Select(SignedSeal.Parse).ToList();
        Assert.Equal(first.Value, seals[0].ToJson());
        using var key = ECDsa.Create();
        key.ImportFromPem((await endpoints.GetAsync("/v1/audit/key")).Body);
        Assert.All(seals, seal => Assert.True(seal.IsSignedBy(key)));
        var entries = await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_entry");
        Assert.Equal((entries + 1, "pot"), (seals[1].Seal.Next, Assert.Single(seals[1].Seal.Heads).JackpotId));
    }

    [Fact]
    public async Task A_store_that_is_away_gets_the_same_seal_later()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        using var store = new MemoryAuditStore { Away = true };
        await Assert.ThrowsAsync<HttpRequestException>(() => Sealer(ledger, store).RunAsync(Ct));
        var made = Assert.Single(await ledger.RowsAsync("SELECT document FROM audit_seal WHERE stored_at IS NULL"));

        store.Away = false;
        await Sealer(ledger, store).RunAsync(Ct);

        Assert.Equal(made, Assert.Single(store.Documents.Values));
        Assert.Empty(await ledger.RowsAsync("SELECT number FROM audit_seal WHERE stored_at IS NULL"));
    }

    [Fact]
    public async Task A_key_that_cannot_be_had_is_no_fault_of_whoever_asks()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        using var store = new MemoryAuditStore { KeyIsAway = true };
        await using var endpoints = await OpenAsync(ledger, store);
        (await endpoints.GetAsync("/v1/audit/key")).IsProblem(503, "unavailable");
    }

    [Fact]
    public async Task Another_replica_that_seals_is_left_to_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        using var store = new MemoryAuditStore();
        await using (await ledger.Election.TryLeadAsync(LeaderRole.AuditSeals, Ct))
        {
            await Sealer(ledger, store).RunAsync(Ct);
        }

        Assert.Empty(store.Documents);
    }

    [Fact]
    public async Task A_signature_is_of_one_key_and_of_every_field()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        using var store = new MemoryAuditStore();
        await Sealer(ledger, store).RunAsync(Ct);
        var seal = SignedSeal.Parse(Assert.Single(store.Documents.Values));
        using var key = await store.KeyAsync(Ct);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.True(seal.IsSignedBy(key));
        Assert.False(seal.IsSignedBy(other));
        Assert.False((seal with { KeyId = SignedSeal.KeyIdOf(other) }).IsSignedBy(other));
        Assert.False((seal with { Seal = seal.Seal with { AtUnixMs = 1 } }).IsSignedBy(key));
        Assert.Throws<FormatException>(() => SignedSeal.Parse("[]"));
        Assert.Throws<FormatException>(() => SignedSeal.Parse(seal.ToJson().Replace("ES256", "none", StringComparison.Ordinal)));
        Assert.Throws<FormatException>(() => SignedSeal.Parse(seal.ToJson().Replace("\"previous\":\"0", "\"previous\":\"x", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Seals_cannot_be_changed_or_removed_by_the_platform()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, TestClock.AtNewYear());
        using var store = new MemoryAuditStore();
        await Sealer(ledger, store).RunAsync(Ct);
        foreach (var sql in new[] { "UPDATE audit_seal SET document = 'x'", "UPDATE audit_seal SET number = 7", "DELETE FROM audit_seal", "TRUNCATE audit_seal" })
        {
            var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ledger.ExecuteAsync(sql));
            Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        }
    }

    static AuditSealer Sealer(TestLedger ledger, AuditStore store) =>
        new(new AuditSeals(ledger.Clock), store, ledger.Election, new ShardOptions { Id = ledger.ShardId }, ledger.Loops);

    static Task<TestEndpoints> OpenAsync(TestLedger ledger, AuditStore store) => TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(store));

    static string[] Lines(string body) => body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
