namespace Jackpot.LocalDapr.Resiliency;

/// <summary>
/// The retry policies of the components that one sidecar sees. A component without a policy of its own takes the most specific default by name,
/// for example <c>DefaultPubsubComponentInboundRetryPolicy</c>.
/// </summary>
sealed class PolicySet(ResiliencyFiles files)
{
    public Policy InboundOf(string component, string kind) => Get(files.Inbound(component), $"{kind}ComponentInbound", "ComponentInbound", "Component", "");

    public Policy OutboundOf(string component, string kind) => Get(files.Outbound(component), $"{kind}ComponentOutbound", "ComponentOutbound", "Component", "");

    Policy Get(string? named, params ReadOnlySpan<string> defaults)
    {
        if (named is not null)
        {
            return files.Policies[named];
        }
        foreach (var middle in defaults)
        {
            if (files.Policies.TryGetValue($"Default{middle}RetryPolicy", out var policy))
            {
                return policy;
            }
        }
        return Policy.None;
    }
}
