using System.Net;
using System.Text.Json;
using Jackpot.LocalDapr.PubSub;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Apps;

/// <summary>What a sidecar asks its app once it is up: <c>/dapr/config</c> once, <c>/dapr/subscribe</c> after it.</summary>
static class AppQuestions
{
    const int SubscribeTriesMax = 3;
    static readonly TimeSpan SubscribeRetryDelay = TimeSpan.FromSeconds(1);

    public static async Task<AppConfig> ConfigAsync(AppChannel app, SidecarOptions sidecar, CancellationToken cancellation)
    {
        using var answer = await AskAsync(app, sidecar, "/dapr/config", cancellation);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return AppConfig.Empty;
        }
        try
        {
            using var document = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), default, cancellation);
            return AppConfig.Parse(document.RootElement);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return AppConfig.Empty;
        }
    }

    public static async Task<IReadOnlyList<Subscription>> SubscriptionsAsync(AppChannel app, SidecarOptions sidecar, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var answer = await AskAsync(app, sidecar, "/dapr/subscribe", cancellation);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    return [];
                }
                using var document = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), default, cancellation);
                return ProgrammaticSubscription.Parse(document.RootElement);
            }
            catch (HttpRequestException) when (attempt < SubscribeTriesMax)
            {
                await Task.Delay(SubscribeRetryDelay, cancellation);
            }
            catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
            {
                return [];
            }
        }
    }

    static Task<HttpResponseMessage> AskAsync(AppChannel app, SidecarOptions sidecar, string path, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, app.BaseAddress + path);
        request.Headers.TryAddWithoutValidation("Dapr-App-Id", sidecar.AppId);
        return app.SendAsync(request, cancellation);
    }
}
