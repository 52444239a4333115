using System.Text.Json;
using Jackpot.LocalDapr.Timing;

namespace Jackpot.LocalDapr.Schedules;

/// <summary>Reads <c>{"drop":{}}</c> or <c>{"constant":{"interval":"2s","max_retries":5}}</c>; default is 1 s, three retries (DAPR.md B.5, B.6).</summary>
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

    static TimeSpan IntervalOf(JsonElement constant) => !constant.TryGetProperty("interval", out var interval) ? TimeSpan.Zero
        : interval.ValueKind == JsonValueKind.String && GoDuration.TryParse(interval.GetString(), out var value) ? value
        : throw new FormatException($"the interval {interval} is not a duration");

    static int? RetriesOf(JsonElement constant) =>
        (constant.TryGetProperty("max_retries", out var retries) || constant.TryGetProperty("maxRetries", out retries)) && retries.TryGetInt32(out var value) ? value : null;
}
