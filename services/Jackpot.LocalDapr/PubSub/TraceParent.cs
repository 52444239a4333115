using System.Diagnostics;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>A fresh W3C trace parent for a request that came without one; not sampled.</summary>
static class TraceParent
{
    public static string New() => $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00";
}
