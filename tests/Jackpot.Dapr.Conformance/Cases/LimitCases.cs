using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("G limits and errors")]
static class LimitCases
{
    public static async Task State_over_the_body_limit_is_refused(Bench b) => await TooLarge(b, b.State, "application/json");

    public static async Task Event_over_the_body_limit_is_refused(Bench b) => await TooLarge(b, PublishCases.PathOf(b, "plain"), "text/plain");

    public static async Task Unknown_configuration_store_is_refused(Bench b) => (await b.Get("/v1.0/configuration/no-such-store?key=a")).IsRefused();

    public static async Task Unknown_lock_store_is_refused(Bench b) =>
        (await b.Post("/v1.0-alpha1/lock/no-such-store", "{\"resourceId\":\"r\",\"lockOwner\":\"o\",\"expiryInSeconds\":1}")).IsRefused();

    public static async Task Wrong_token_is_401(Bench b)
    {
        if (b.Options.ApiToken is null)
        {
            throw new SkipCase("the sidecar asks for no token (--api-token)");
        }

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{b.Options.HttpPort}") };
        using var response = await http.GetAsync("/v1.0/metadata");
        Expect.Equal(401, (int)response.StatusCode, "status without token");
        using var health = await http.GetAsync("/v1.0/healthz");
        Expect.Equal(204, (int)health.StatusCode, "status of the health without token");
    }

    static async Task TooLarge(Bench b, string path, string contentType)
    {
        try
        {
            (await b.Send(HttpMethod.Post, path, new byte[b.Options.MaxBodySize + 1024], contentType)).IsRefused();
        }
        catch (HttpRequestException closed)
        {
            // A server may also close the connection while the body is still being sent.
            Expect.True(closed.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.Unknown or HttpRequestError.ResponseEnded, closed.Message);
        }
    }
}
