using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Jackpot.LocalDapr.Schedules;

/// <summary>Reads <c>{"drop":{}}</c> or <c>{"constant":{"interval":"2s","maxRetries":5}}</c>; default is 1 s, three retries.</summary>
static class FailurePolicies
{
    public static FailurePolicy Read(JsonElement policy)
    {
        if (policy.ValueKind != JsonValueKind.Object)
        {
            return FailurePolicy.Default;
        }
        if (policy.TryGetProperty("drop", out _))
        {
            return FailurePolicy.Drop;
        }
        if (!policy.TryGetProperty("constant", out var constant) || constant.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("a failure policy is either drop or constant");
        }
        return new FailurePolicy(IntervalOf(constant), RetriesOf(constant));
    }

    /// <summary>Protobuf's JSON form of a duration, "0.5s"; every other unit is refused, as daprd does.</summary>
    static TimeSpan IntervalOf(JsonElement constant)
    {
        if (!constant.TryGetProperty("interval", out var interval))
        {
            return TimeSpan.Zero;
        }
        try
        {
            return JsonParser.Default.Parse<Duration>(interval.GetRawText()).ToTimeSpan();
        }
        catch (Exception unreadable) when (unreadable is InvalidProtocolBufferException or InvalidJsonException or InvalidOperationException)
        {
            throw new FormatException($"the interval {interval} is not a protobuf duration such as \"0.5s\"", unreadable);
        }
    }

    static int? RetriesOf(JsonElement constant) =>
        (constant.TryGetProperty("max_retries", out var retries) || constant.TryGetProperty("maxRetries", out retries)) && retries.TryGetInt32(out var value) ? value : null;
}
