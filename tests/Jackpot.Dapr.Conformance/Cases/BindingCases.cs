using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.7 bindings")]
static class BindingCases
{
    public static async Task Unknown_binding_is_refused(Bench b) => (await b.Post("/v1.0/bindings/no-such-binding", "{\"operation\":\"create\",\"data\":1}")).IsRefused();

    public static async Task File_is_created_and_read_back(Bench b)
    {
        var file = b.NewName() + ".txt";
        (await b.Post(PathOf(b), Body("create", "content", file))).Is(200, 204);
        Expect.Contains("content", (await b.Post(PathOf(b), Body("get", null, file))).Is(200).Text, "content");
    }

    public static async Task File_is_listed_and_deleted(Bench b)
    {
        var file = b.NewName() + ".txt";
        (await b.Post(PathOf(b), Body("create", "content", file))).Is(200, 204);
        Expect.Contains(file, (await b.Post(PathOf(b), Body("list", null, null))).Is(200).Text, "list");
        (await b.Post(PathOf(b), Body("delete", null, file))).Is(200, 204);
        (await b.Post(PathOf(b), Body("get", null, file))).IsRefused();
    }

    public static async Task Put_invokes_as_post_does(Bench b)
    {
        var file = b.NewName() + ".txt";
        (await b.Put(PathOf(b), Body("create", "x", file))).Is(200, 204);
        (await b.Post(PathOf(b), Body("delete", null, file))).Is(200, 204);
    }

    public static async Task Unknown_operation_is_refused(Bench b) => (await b.Post(PathOf(b), Body("explode", "x", b.NewName()))).IsRefused();

    static string PathOf(Bench b) => $"/v1.0/bindings/{b.Options.Binding ?? throw new SkipCase("no bindings.localstorage component (--binding)")}";

    static string Body(string operation, string? data, string? fileName) =>
        Bench.Json(new { operation, data, metadata = fileName is null ? new Dictionary<string, string>() : new() { ["fileName"] = fileName } });
}
