using System.Globalization;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>The publish metadata <c>ttlInSeconds</c>.</summary>
static class TimeToLive
{
    public static double? SecondsOf(OutgoingMessage message) => SecondsOf(message.Metadata);

    public static double? SecondsOf(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue("ttlInSeconds", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? seconds : null;
}
