using System.Net.Http.Headers;
using System.Text;

namespace Jackpot.LocalDapr.Tests.Running;

/// <summary>Calls of the sidecar's HTTP API as an app would make them.</summary>
static class DaprCalls
{
    public static async Task<(int Status, string Body)> SendAsync(
        this TestNode node, TestSidecar sidecar, string method, string path, string? body = null, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var answer = await node.AnswerAsync(sidecar, method, path, body, contentType, headers);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public static async Task<HttpResponseMessage> AnswerAsync(
        this TestNode node, TestSidecar sidecar, string method, string path, string? body = null, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{sidecar.HttpPort}{path}");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
