using System.Net;
using System.Text;
using Jackpot.Bench.Load;

namespace Jackpot.Bench.Bed;

/// <summary>One bet at a time for when the shard may be down: what becomes of each is reported to the money check.</summary>
sealed class SingleBets(Uri shard, MoneyCheck money, TimeSpan timeout) : IDisposable
{
    readonly HttpClient _http = new() { BaseAddress = shard, Timeout = timeout };

    /// <summary>Whether the bet was accepted.</summary>
    internal async Task<bool> TryAsync(string poolField)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jp/contributions") { Content = new StringContent(RequestSource.OneBody(poolField), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Tenant-Id", "brand-42");
        try
        {
            using var answer = await _http.SendAsync(request);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                money.CountAccepted();
                return true;
            }
        }
        catch (Exception down) when (down is HttpRequestException or OperationCanceledException)
        {
            // It may have been stored all the same, as after an answer that says so.
        }
        money.CountUncertain();
        return false;
    }

    public void Dispose() => _http.Dispose();
}
