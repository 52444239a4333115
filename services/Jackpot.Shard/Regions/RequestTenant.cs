using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Regions;

/// <summary>Whose request this is. The gateway routes by the same header; the shard trusts nobody and looks again.</summary>
internal static class RequestTenant
{
    public const string Header = "X-Tenant-Id";

    /// <summary>The tenant, or null after the refusal was written.</summary>
    public static async ValueTask<TenantHome?> TenantOfAsync(HttpContext http, TenantDirectory tenants)
    {
        var header = http.Request.Headers[Header];
        if (header.Count != 1 || string.IsNullOrEmpty(header[0]))
        {
            await Problem.WriteAsync(http, Refusal.TenantMissing, $"send exactly one {Header} header");
            return null;
        }

        var tenant = tenants.Find(header[0]!);
        if (tenant is null)
        {
            await Problem.WriteAsync(http, Refusal.TenantUnknown, $"no tenant of the name in {Header} is known");
            return null;
        }

        if (!tenants.IsOurs(tenant))
        {
            await Problem.WriteAsync(http, Refusal.TenantElsewhere, $"this tenant is served in region '{tenant.Region}'; send its requests there", tenant.GatewayUrl);
            return null;
        }

        return tenant;
    }
}
