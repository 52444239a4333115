using System.Text.Json;
using Dapr.Client;
using Dapr.Client.Autogen.Grpc.v1;
using DotnetSdk.App;
using DotnetSdk.Running;
using Grpc.Core;

namespace DotnetSdk.Checks;

[Group("health and metadata")]
static class HealthChecks
{
    public static async Task Sidecar_is_healthy(Bench b) => Expect.True(await b.Client.CheckHealthAsync(), "CheckHealth says no");

    public static async Task Outbound_is_healthy(Bench b) => Expect.True(await b.Client.CheckOutboundHealthAsync(), "CheckOutboundHealth says no");

    public static async Task Waiting_for_the_sidecar_returns(Bench b)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await b.Client.WaitForSidecarAsync(limit.Token);
    }

    public static async Task Metadata_tells_the_components(Bench b)
    {
        var metadata = await b.Client.GetMetadataAsync();
        Expect.True(metadata.Components.Any(component => component.Name == b.Store && component.Type.StartsWith("state.", StringComparison.Ordinal)), "the state store is not listed");
        Expect.True(metadata.Components.Any(component => component.Name == b.PubSub && component.Type.StartsWith("pubsub.", StringComparison.Ordinal)), "the pub/sub is not listed");
    }

    public static async Task Metadata_tells_the_actor_types(Bench b)
    {
        await b.Counter(b.NewActor()).ReadAsync();
        Expect.True((await b.Client.GetMetadataAsync()).Actors.Any(actor => actor.Type == CounterActor.TypeName && actor.Count > 0), "the actor type is not listed with its actors");
    }

    public static async Task Metadata_that_was_set_is_told(Bench b)
    {
        var key = b.NewName("key");
        await b.Client.SetMetadataAsync(key, "value");
        Expect.Equal("value", (await b.Client.GetMetadataAsync()).Extended.GetValueOrDefault(key), "extended metadata");
    }

    public static async Task Subscriptions_that_the_SDK_lists_are_all_taken(Bench b)
    {
        var metadata = await b.Calls.GetMetadataAsync(new GetMetadataRequest(), b.Headers);
        string[] topics = [Topics.Plain, Topics.Typed, Topics.Routed, Topics.Failing, Topics.Dropped, Topics.Dead, Topics.Raw, Topics.Bulk];
        Expect.Equal("", string.Join(", ", topics.Except(metadata.Subscriptions.Select(subscription => subscription.Topic))), "topics that are not subscribed");
    }

    public static async Task Wrong_token_is_refused_as_Unauthenticated(Bench b)
    {
        Needs(b.Settings.ApiToken, "DAPR_API_TOKEN");
        using var stranger = new DaprClientBuilder().UseDaprApiToken("wrong").Build();
        await Expect.Refused(StatusCode.Unauthenticated, () => stranger.GetStateAsync<Order>(b.Store, b.NewName()));
    }

    public static async Task Wrong_token_is_401_over_HTTP(Bench b)
    {
        Needs(b.Settings.ApiToken, "DAPR_API_TOKEN");
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{b.Settings.HttpPort}/v1.0/metadata"));
        Expect.Equal(401, (int)answer.StatusCode, "status");
    }

    public static async Task Calls_of_the_application_carry_its_token(Bench b)
    {
        var token = Needs(b.Settings.AppToken, "APP_API_TOKEN");
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Plain, new Order(id, 1));
        Expect.Equal(token, (await b.Seen.WaitFor(Topics.PathOf(Topics.Plain), id)).Headers.GetValueOrDefault("dapr-api-token"), "token");
    }

    static string Needs(string? value, string variable) => value ?? throw new SkipCheck($"needs {variable}");
}
