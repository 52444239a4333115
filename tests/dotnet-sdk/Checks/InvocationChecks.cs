using System.Net.Http.Json;
using System.Text.Json;
using Dapr.Client;
using Dapr.Client.Autogen.Grpc.v1;
using DotnetSdk.App;
using DotnetSdk.Running;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DotnetSdk.Checks;

[Group("invocation")]
static class InvocationChecks
{
    public static async Task Get_gives_a_typed_answer(Bench b) =>
        Expect.Equal(new Order("a1", 5), await b.Client.InvokeMethodAsync<Order>(HttpMethod.Get, b.AppId, "orders/a1?amount=5"), "order");

    public static async Task Post_sends_and_gets_a_typed_body(Bench b) =>
        Expect.Equal(new Order("a", 2, "é"), await b.Client.InvokeMethodAsync<Order, Order>(b.AppId, "orders", new Order("a", 1, "é")), "order");

    public static async Task Post_without_an_answer_reaches_the_application(Bench b)
    {
        var id = b.NewName();
        await b.Client.InvokeMethodAsync(b.AppId, "touch", new Order(id, 1));
        await b.Seen.WaitFor("/touch", id);
    }

    public static Task Put_keeps_its_verb(Bench b) => VerbAsync(b, HttpMethod.Put);

    public static Task Delete_keeps_its_verb(Bench b) => VerbAsync(b, HttpMethod.Delete);

    public static async Task Headers_and_query_pass(Bench b)
    {
        using var request = b.Client.CreateInvokeMethodRequest(HttpMethod.Get, b.AppId, "verb", [new("q", "ä b")]);
        request.Headers.Add("x-sdk", "seen");
        Expect.Equal("seen", (await b.Client.InvokeMethodAsync<Order>(request)).Note, "header");
    }

    public static async Task Status_of_the_application_reaches_the_caller(Bench b)
    {
        using var request = b.Client.CreateInvokeMethodRequest(HttpMethod.Post, b.AppId, "teapot");
        using var response = await b.Client.InvokeMethodWithResponseAsync(request);
        Expect.Equal("418 short and stout", $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}", "answer");
    }

    public static async Task Status_that_is_no_success_is_an_InvocationException(Bench b)
    {
        var failed = await Expect.Throws<InvocationException>(() => b.Client.InvokeMethodAsync<Order>(HttpMethod.Get, b.AppId, "missing"));
        Expect.Equal(404, (int)failed.Response.StatusCode, "status");
    }

    public static async Task Http_client_of_the_SDK_calls_by_app_id(Bench b)
    {
        // Unlike every other client of the SDK this one does not read the token from the environment.
        using var http = DaprClient.CreateInvokeHttpClient(b.AppId, daprApiToken: b.Settings.ApiToken);
        Expect.Equal(new Order("h", 7), await http.GetFromJsonAsync<Order>("/orders/h?amount=7"), "order");
    }

    public static async Task Unknown_application_is_an_error(Bench b) =>
        await Expect.Throws<InvocationException>(() => b.Client.InvokeMethodAsync<Order>(HttpMethod.Get, "no-such-app", "orders/a?amount=1"));

    public static async Task Over_gRPC_the_answer_comes_back(Bench b)
    {
        var response = await b.Calls.InvokeServiceAsync(Call(b, "orders", HTTPExtension.Types.Verb.Post, new Order("g", 1)), b.Headers);
        Expect.Equal(new Order("g", 2), JsonSerializer.Deserialize<Order>(response.Data.Value.Span, JsonSerializerOptions.Web), "order");
        Expect.True(response.ContentType.StartsWith("application/json", StringComparison.Ordinal), $"content type {response.ContentType}");
    }

    public static async Task Over_gRPC_the_query_passes(Bench b)
    {
        var call = Call(b, "orders/q", HTTPExtension.Types.Verb.Get, null);
        call.Message.HttpExtension.Querystring = "amount=11";
        var response = await b.Calls.InvokeServiceAsync(call, b.Headers);
        Expect.Equal(new Order("q", 11), JsonSerializer.Deserialize<Order>(response.Data.Value.Span, JsonSerializerOptions.Web), "order");
    }

    public static Task Over_gRPC_404_is_NotFound(Bench b) =>
        Expect.Refused(StatusCode.NotFound, async () => await b.Calls.InvokeServiceAsync(Call(b, "missing", HTTPExtension.Types.Verb.Get, null), b.Headers));

    static InvokeServiceRequest Call(Bench b, string method, HTTPExtension.Types.Verb verb, Order? order) => new()
    {
        Id = b.AppId,
        Message = new InvokeRequest
        {
            Method = method,
            ContentType = "application/json",
            HttpExtension = new HTTPExtension { Verb = verb },
            Data = order is null ? null : new Any { Value = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(order)) },
        },
    };

    static async Task VerbAsync(Bench b, HttpMethod verb) => Expect.Equal(verb.Method, (await b.Client.InvokeMethodAsync<Order>(verb, b.AppId, "verb")).Id, "verb");
}
