using Jackpot.Dapr.Conformance.App;
using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.1 invocation")]
static class InvocationCases
{
    public static Task Get_reaches_the_app_as_get(Bench b) => VerbArrives(b, HttpMethod.Get);

    public static Task Post_reaches_the_app_as_post(Bench b) => VerbArrives(b, HttpMethod.Post);

    public static Task Put_reaches_the_app_as_put(Bench b) => VerbArrives(b, HttpMethod.Put);

    public static Task Patch_reaches_the_app_as_patch(Bench b) => VerbArrives(b, HttpMethod.Patch);

    public static Task Delete_reaches_the_app_as_delete(Bench b) => VerbArrives(b, HttpMethod.Delete);

    public static async Task Body_and_content_type_pass_both_ways(Bench b)
    {
        var bytes = new byte[] { 0, 1, 254, 255, 10, 13 };
        var reply = (await b.Send(HttpMethod.Post, Path(b, "echo"), bytes, "application/x-conformance")).Is(200);
        Expect.True(reply.Bytes.SequenceEqual(bytes), "The body came back changed");
        Expect.Equal("application/x-conformance", reply.Headers["Content-Type"], "content type");
    }

    public static async Task Query_string_passes_through(Bench b)
    {
        var name = b.NewName();
        (await b.Get(Path(b, $"{name}/status-200?a=1&b=x%20y"))).Is(200);
        Expect.Equal("?a=1&b=x%20y", (await b.App.WaitFor($"/{name}/status-200")).Query.Replace("+", "%20", StringComparison.Ordinal), "query");
    }

    public static async Task Path_with_several_segments_passes_through(Bench b)
    {
        var name = b.NewName();
        (await b.Get(Path(b, $"a/{name}/c/status-200"))).Is(200);
        await b.App.WaitFor($"/a/{name}/c/status-200");
    }

    public static Task Status_201_of_the_app_passes_through(Bench b) => StatusPasses(b, 201);

    public static Task Status_204_of_the_app_passes_through(Bench b) => StatusPasses(b, 204);

    public static Task Status_404_of_the_app_passes_through(Bench b) => StatusPasses(b, 404);

    public static Task Status_409_of_the_app_passes_through(Bench b) => StatusPasses(b, 409);

    public static async Task Status_500_of_the_app_passes_through_and_is_not_tried_again(Bench b)
    {
        var name = b.NewName();
        (await b.Get(Path(b, $"{name}/status-500"))).Is(500);
        Expect.Equal(1, b.App.Count($"/{name}/status-500"), "calls at the app");
    }

    public static async Task Request_headers_reach_the_app(Bench b)
    {
        var name = b.NewName();
        await b.Get(Path(b, $"{name}/status-200"), ("x-conformance-request", "v1"));
        Expect.Equal("v1", (await b.App.WaitFor($"/{name}/status-200")).Headers.GetValueOrDefault("x-conformance-request"), "header");
    }

    public static async Task Response_headers_reach_the_caller(Bench b) =>
        Expect.Equal("seen", (await b.Post(Path(b, "echo"), "{}")).Headers.GetValueOrDefault("x-conformance"), "header");

    public static async Task Header_dapr_app_id_addresses_the_app_on_a_plain_path(Bench b)
    {
        var name = b.NewName();
        (await b.Get($"/{name}/status-200", ("dapr-app-id", b.AppId))).Is(200);
        await b.App.WaitFor($"/{name}/status-200");
    }

    public static async Task Trace_of_the_caller_is_continued(Bench b)
    {
        var name = b.NewName();
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        await b.Get(Path(b, $"{name}/status-200"), ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"));
        Expect.Contains(Trace, (await b.App.WaitFor($"/{name}/status-200")).Headers.GetValueOrDefault("traceparent"), "traceparent");
    }

    public static async Task Unknown_app_is_500_ERR_DIRECT_INVOKE(Bench b) =>
        (await b.Get("/v1.0/invoke/nobody-has-this-id/method/x")).IsError(500, "ERR_DIRECT_INVOKE");

    public static async Task Path_without_any_app_is_404_ERR_DIRECT_INVOKE(Bench b) =>
        (await b.Get($"/{b.NewName()}/nowhere")).IsError(404, "ERR_DIRECT_INVOKE");

    public static async Task Body_of_one_mebibyte_passes_both_ways(Bench b)
    {
        var bytes = new byte[1024 * 1024];
        new Random(1).NextBytes(bytes);
        Expect.True((await b.Send(HttpMethod.Post, Path(b, "echo"), bytes, "application/octet-stream")).Is(200).Bytes.SequenceEqual(bytes), "changed");
    }

    static string Path(Bench b, string path) => $"/v1.0/invoke/{b.AppId}/method/{path}";

    static async Task VerbArrives(Bench b, HttpMethod method)
    {
        var name = b.NewName();
        (await b.Send(method, Path(b, $"{name}/status-200"), method == HttpMethod.Get ? null : "{}"u8.ToArray(), "application/json")).Is(200);
        Expect.Equal(method.Method, (await b.App.WaitFor($"/{name}/status-200")).Method, "verb");
    }

    static async Task StatusPasses(Bench b, int status) => (await b.Get(Path(b, $"status-{status}"))).Is(status);
}
