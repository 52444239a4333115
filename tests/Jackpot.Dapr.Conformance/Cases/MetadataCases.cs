using System.Text.Json;
using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.7 metadata and health")]
static class MetadataCases
{
    public static async Task Health_is_204(Bench b) => (await b.Get("/v1.0/healthz")).Is(204);

    public static async Task Outbound_health_is_204(Bench b) => (await b.Get("/v1.0/healthz/outbound")).Is(204);

    public static async Task Health_of_the_own_app_id_is_204(Bench b) => (await b.Get($"/v1.0/healthz?appid={b.AppId}")).Is(204);

    public static async Task Health_of_another_app_id_is_refused(Bench b) => (await b.Get("/v1.0/healthz?appid=somebody-else")).IsRefused();

    public static async Task Trailing_slash_does_not_matter(Bench b) => (await b.Get("/v1.0/healthz/")).Is(204);

    public static async Task Doubled_slashes_do_not_matter(Bench b) => (await b.Get("/v1.0//healthz")).Is(204);

    public static async Task Metadata_names_the_runtime_version(Bench b) =>
        Expect.True((await Metadata(b)).GetProperty("runtimeVersion").GetString()!.Length > 0, "no version");

    public static Task State_store_is_listed(Bench b) => Listed(b, b.Options.StateStore, "state.");

    public static Task Pubsub_is_listed(Bench b) => Listed(b, b.Options.PubSub, "pubsub.");

    public static Task Secret_store_is_listed(Bench b) => Listed(b, b.Options.SecretStore, "secretstores.");

    public static async Task State_store_tells_that_it_has_etags_and_transactions(Bench b)
    {
        var capabilities = Component(await Metadata(b), b.Options.StateStore).GetProperty("capabilities").GetRawText();
        Expect.Contains("ETAG", capabilities, "capabilities");
        Expect.Contains("TRANSACTIONAL", capabilities, "capabilities");
    }

    public static async Task Actor_types_are_listed_with_their_active_count(Bench b)
    {
        await ActorCases.Active(b);
        var types = (await Metadata(b)).GetProperty("actorRuntime").TryGetProperty("activeActors", out var active) ? active : (await Metadata(b)).GetProperty("actors");
        var plain = types.EnumerateArray().Single(type => type.GetProperty("type").GetString() == App.TestApplication.PlainActor);
        Expect.True(plain.GetProperty("count").GetInt32() >= 1, "no active actor is counted");
    }

    public static async Task Actor_runtime_is_running(Bench b) =>
        Expect.Equal("RUNNING", (await Metadata(b)).GetProperty("actorRuntime").GetProperty("runtimeStatus").GetString(), "runtimeStatus");

    public static async Task Subscriptions_are_listed_with_their_rules(Bench b)
    {
        var listed = (await Metadata(b)).GetProperty("subscriptions").EnumerateArray()
            .Single(subscription => subscription.GetProperty("topic").GetString() == b.App.Topics.Name("routed"));
        Expect.Equal(3, listed.GetProperty("rules").GetArrayLength(), "rules");
    }

    public static async Task App_connection_is_described(Bench b) =>
        Expect.Equal(b.Options.AppPort, (await Metadata(b)).GetProperty("appConnectionProperties").GetProperty("port").GetInt32(), "port");

    public static async Task Attribute_is_set_with_204_and_listed(Bench b)
    {
        var name = b.NewName();
        (await b.Put($"/v1.0/metadata/{name}", "value", "text/plain")).Is(204);
        Expect.Equal("value", (await Metadata(b)).GetProperty("extended").GetProperty(name).GetString(), "attribute");
    }

    static async Task<JsonElement> Metadata(Bench b) => (await b.Get("/v1.0/metadata")).Is(200).Json;

    static JsonElement Component(JsonElement metadata, string name) =>
        metadata.GetProperty("components").EnumerateArray().Single(component => component.GetProperty("name").GetString() == name);

    internal static async Task<string?> TypeOf(Bench b, string name) => Component(await Metadata(b), name).GetProperty("type").GetString();

    static async Task Listed(Bench b, string name, string type) => Expect.Contains(type, await TypeOf(b, name), "type");
}
