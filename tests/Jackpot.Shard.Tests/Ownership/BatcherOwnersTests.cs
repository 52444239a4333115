using Jackpot.Ledger.Batching;
using Jackpot.Shard.Ownership;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Ownership;

public sealed class BatcherOwnersTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>What the replica that finds its owner dead may take to become the owner.</summary>
    static readonly TimeSpan TakeOverMax = TimeSpan.FromSeconds(2);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_owner_asks_nobody_and_takes_bets_while_placement_is_away()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var placement = new StubPlacement();
        await using var replica = await OpenAsync(ledger, placement);
        placement.Home = replica;
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        (await replica.BetAsync("quiet", "first")).Is(200);
        (placement.Home, placement.Asked) = (null, 0);

        for (var i = 0; i < 20; i++)
        {
            (await replica.BetAsync("quiet", $"k{i}")).Is(200);
        }

        Assert.Equal(0, placement.Asked);
    }

    [Fact]
    public async Task A_replica_sends_its_bets_straight_to_the_owner()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var placement = new StubPlacement();
        await using var owner = await OpenAsync(ledger, placement);
        await using var other = await OpenAsync(ledger, placement);
        placement.Home = owner;
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        (await owner.BetAsync("quiet", "first")).Is(200);
        placement.Asked = 0;

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => owner.BetJson("quiet", $"k{i}"))
            .SelectMany(bet => new[] { SendAsync(other, bet), SendAsync(owner, bet) }));

        Assert.All(answers, answer => answer.Is(200));
        Assert.All(answers.Chunk(2), same => Assert.Equal(same[0].Json.GetProperty("sequence").GetInt64(), same[1].Json.GetProperty("sequence").GetInt64()));
        Assert.Equal(51L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        Assert.Equal(0, placement.Asked);
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT epoch FROM batcher_owner"));
        Assert.Empty(Owners(other).OwnedHere());
    }

    [Fact]
    public async Task A_replica_takes_over_from_an_owner_that_has_ended_while_placement_is_away()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var placement = new StubPlacement();
        var owner = await OpenAsync(ledger, placement);
        await using var other = await OpenAsync(ledger, placement);
        placement.Home = owner;
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        (await other.BetAsync("quiet", "first")).Is(200);
        placement.Home = null;
        await owner.DisposeAsync();

        (await other.BetAsync("quiet", "second").WaitAsync(TakeOverMax, Ct)).Is(200);

        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT epoch FROM batcher_owner"));
        Assert.Single(Owners(other).OwnedHere());
    }

    [Fact]
    public async Task Placement_moves_a_batcher_to_a_replica_that_was_added_and_no_bet_is_refused()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var placement = new StubPlacement();
        await using var first = await OpenAsync(ledger, placement);
        placement.Home = first;
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        (await first.BetAsync("quiet", "first")).Is(200);
        await using var added = await OpenAsync(ledger, placement);
        placement.Home = added;
        using var stop = new CancellationTokenSource();
        var playing = Enumerable.Range(0, 8).Select(client => PlayAsync(first, $"c{client}", stop.Token)).ToArray();

        await Owners(first).FollowPlacementAsync(TimeSpan.FromSeconds(5), Ct);
        await Eventually.TrueAsync(() => Owners(added).OwnedHere().Any() && !Owners(first).OwnedHere().Any(), what: "the batcher has moved");
        await stop.CancelAsync();

        var played = (await Task.WhenAll(playing)).Sum();
        Assert.Equal(1L + played, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT epoch FROM batcher_owner"));
    }

    [Fact]
    public async Task Two_replicas_that_both_claim_leave_one_owner_and_both_record_each_bet_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var placement = new StubPlacement();
        await using var one = await OpenAsync(ledger, placement);
        await using var two = await OpenAsync(ledger, placement);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var batcher = one.Services.GetRequiredService<BatcherDirectory>().Of(jackpot).Id;

        await Task.WhenAll(Owners(one).ClaimAsync(batcher, Ct), Owners(two).ClaimAsync(batcher, Ct));
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : two).BetAsync("quiet", $"k{i}")));

        Assert.All(answers, answer => answer.Is(200));
        Assert.Equal(100L, await ledger.ScalarAsync<long>("SELECT count(DISTINCT sequence) FROM contribution"));
        Assert.Equal(100L, await ledger.ScalarAsync<long>("SELECT max(sequence) FROM contribution"));
    }

    [Fact]
    public async Task A_batch_without_the_owners_token_is_refused()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var placement = new StubPlacement();
        await using var replica = await OpenAsync(ledger, placement);
        placement.Home = replica;
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        (await replica.BetAsync("quiet", "first")).Is(200);
        var batcher = replica.Services.GetRequiredService<BatcherDirectory>().Of(jackpot).Id;
        using var request = new HttpRequestMessage(HttpMethod.Post, BatchSender.PathOf(batcher)) { Content = new ByteArrayContent([1, 0, 0, 0, 0]) };
        request.Headers.Add(BatchSender.TokenHeader, Guid.NewGuid().ToString());

        using var response = await replica.Http.SendAsync(request, Ct);

        Assert.Equal(System.Net.HttpStatusCode.Conflict, response.StatusCode);
    }

    static async Task<int> PlayAsync(TestEndpoints replica, string client, CancellationToken stop)
    {
        var bets = 0;
        while (!stop.IsCancellationRequested)
        {
            (await replica.BetAsync("quiet", $"{client}-{bets}")).Is(200);
            bets++;
        }

        return bets;
    }

    static Task<EndpointAnswer> SendAsync(TestEndpoints replica, string bet) => replica.PostAsync("/v1/jp/contributions", bet, tenant: TestLedger.Tenant);

    static BatcherOwners Owners(TestEndpoints replica) => replica.Services.GetRequiredService<BatcherOwners>();

    static Task<TestEndpoints> OpenAsync(TestLedger ledger, StubPlacement placement) => TestEndpoints.OpenAsync(
        ledger, services => services.AddSingleton<IPlacement>(placement).AddSingleton<IBatchRecorders, BatchRecorders>());

    /// <summary>Placement that has every actor in one replica, or answers nobody.</summary>
    sealed class StubPlacement : IPlacement
    {
        public TestEndpoints? Home { get; set; }

        public int Asked { get; set; }

        public async Task<bool> AskAsync(string batcher, TimeSpan wait, CancellationToken ct)
        {
            Asked++;
            if (Home is not { } home)
            {
                await Task.Delay(wait, ct);
                return false;
            }

            await Owners(home).ClaimAsync(batcher, ct);
            return true;
        }
    }
}
