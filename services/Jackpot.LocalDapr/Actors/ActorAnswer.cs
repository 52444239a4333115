using Jackpot.LocalDapr.Answers;

namespace Jackpot.LocalDapr.Actors;

/// <summary>What the app answered to a turn. The body has been read, so the turn is over.</summary>
sealed class ActorAnswer(HttpResponseMessage response, PooledBody body) : IDisposable
{
    public const string ErrorHeader = "X-DaprErrorResponseHeader";
    public const string CancelHeader = "X-DaprReminderCancel";

    public HttpResponseMessage Response => response;

    public ReadOnlyMemory<byte> Body => body.Memory;

    public bool AsksToCancel => response.Headers.TryGetValues(CancelHeader, out var values) && values.FirstOrDefault() is "true" or "True";

    public void Dispose()
    {
        response.Dispose();
        body.Dispose();
    }
}
