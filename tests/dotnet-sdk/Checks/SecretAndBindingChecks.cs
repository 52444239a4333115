using System.Text;
using Dapr.Client;
using DotnetSdk.Running;
using Grpc.Core;

namespace DotnetSdk.Checks;

[Group("secrets and bindings")]
static class SecretAndBindingChecks
{
    public static async Task All_secrets_are_read_at_once(Bench b) => Expect.True((await b.Client.GetBulkSecretAsync(b.Settings.SecretStore)).Count > 0, "there is no secret");

    public static async Task One_secret_is_what_the_bulk_read_said(Bench b)
    {
        var (name, values) = (await b.Client.GetBulkSecretAsync(b.Settings.SecretStore)).First(secret => !secret.Key.Contains(':', StringComparison.Ordinal));
        Expect.Equal(values.First(), (await b.Client.GetSecretAsync(b.Settings.SecretStore, name)).First(), "secret");
    }

    public static Task Unknown_store_is_InvalidArgument(Bench b) => Expect.Refused(StatusCode.InvalidArgument, () => b.Client.GetSecretAsync("no-such-store", "k"));

    public static Task Unknown_store_is_InvalidArgument_for_a_bulk_read(Bench b) => Expect.Refused(StatusCode.InvalidArgument, () => b.Client.GetBulkSecretAsync("no-such-store"));

    public static async Task Binding_stores_and_gives_back(Bench b)
    {
        var file = b.NewName("file");
        await InvokeAsync(b, "create", file, "content");
        Expect.Equal("content", Encoding.UTF8.GetString((await InvokeAsync(b, "get", file, "")).Data.Span), "content");
        await InvokeAsync(b, "delete", file, "");
    }

    public static async Task Unknown_operation_of_a_binding_is_an_error(Bench b) => await Expect.Throws<Exception>(() => InvokeAsync(b, "dance", "x", ""));

    static Task<BindingResponse> InvokeAsync(Bench b, string operation, string file, string data)
    {
        var request = new BindingRequest(b.Settings.Binding ?? throw new SkipCheck("needs BINDING"), operation) { Data = Encoding.UTF8.GetBytes(data) };
        request.Metadata["fileName"] = file;
        return b.Client.InvokeBindingAsync(request);
    }
}
