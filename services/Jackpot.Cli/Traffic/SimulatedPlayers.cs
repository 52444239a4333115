using System.Globalization;
using System.Text;

namespace Jackpot.Cli.Traffic;

/// <summary>Sends one bet after the other without waiting for the answers, up to a limit of open requests.</summary>
sealed class SimulatedPlayers(DemoPool[] pools) : IDisposable
{
    const int PlayersPerTenant = 5_000;
    const int GamesCount = 40;
    const int OpenRequestsMax = 512;
    static readonly decimal[] Stakes = [0.20m, 0.50m, 1.00m, 2.00m, 5.00m, 10.00m];

    readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromSeconds(10) };
    readonly SemaphoreSlim _open = new(OpenRequestsMax);
    readonly string _run = Guid.NewGuid().ToString("N")[..8];
    long _number, _accepted, _refused, _failed, _skipped;

    internal void Bet(CancellationToken stop)
    {
        if (_open.Wait(0, stop))
        {
            _ = SendAsync(Interlocked.Increment(ref _number), stop);
        }
        else
        {
            Interlocked.Increment(ref _skipped);
        }
    }

    internal string Report() =>
        $"{DateTime.UtcNow:u} accepted {_accepted}, refused {_refused}, without answer {_failed}, not sent for lack of answers {_skipped}";

    async Task SendAsync(long number, CancellationToken stop)
    {
        var pool = pools[Random.Shared.Next(pools.Length)];
        var amount = Stakes[Random.Shared.Next(Stakes.Length)].ToString(CultureInfo.InvariantCulture);
        var id = $"sim-{_run}-{number}";
        var json = $$"""
            {"jp_contrib_id":"{{id}}","tenant_id":"{{pool.TenantId}}","pool_id":"{{pool.PoolId}}","player_id":"player-{{Random.Shared.Next(PlayersPerTenant)}}","game_id":"game-{{Random.Shared.Next(GamesCount)}}","round_id":"{{id}}","bet":{"amount":{{amount}},"currency":"{{pool.Currency}}"},"occurred_at":"{{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ}}","idempotency_key":"{{id}}"}
            """;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{pool.GatewayUrl}/v1/jp/contributions")
            {
                Content = new StringContent(json, Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("X-Tenant-Id", pool.TenantId);
            using var answer = await _http.SendAsync(request, stop);
            Interlocked.Increment(ref answer.IsSuccessStatusCode ? ref _accepted : ref _refused);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
        {
            // A simulated player does not insist: the bet counts as unanswered.
            Interlocked.Increment(ref _failed);
        }
        finally
        {
            _open.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _open.Dispose();
    }
}
