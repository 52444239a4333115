using Jackpot.Shard.Tests.Changes;
using Jackpot.TestKit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Admin;

/// <summary>Every endpoint where staff act, found in the route table, takes a staff id and nothing like one.</summary>
public sealed class StaffUserTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const int EndpointsMin = 17;

    static readonly (string? StaffUser, int Status, string Type)[] Refused =
    [
        (null, 401, "person-missing"), ("ANNA", 400, "person-invalid"), ("anna smith", 400, "person-invalid"), ("\u0430nna", 400, "person-invalid"),
        ("anna\u200b", 400, "person-invalid"), ("jose\u0301", 400, "person-invalid"), ("anna.", 400, "person-invalid"), ("anna,ben", 400, "person-invalid"),
    ];

    [Fact]
    [Trait("Rule", "R20")]
    public async Task No_endpoint_of_staff_takes_another_spelling_of_a_staff_user()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        var before = await ledger.EveryRowAsync();
        var steps = endpoints.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(Steps).ToList();
        Assert.True(steps.Count >= EndpointsMin, $"{steps.Count} endpoints under /v1/admin change something; there were {EndpointsMin}.");

        foreach (var (method, path) in steps)
        {
            foreach (var (staffUser, status, type) in Refused)
            {
                (await endpoints.SendAsync(method, path, "{}", staffUser, null)).IsProblem(status, type);
            }
        }

        Assert.Equal(before, await ledger.EveryRowAsync());
    }

    static IEnumerable<(HttpMethod Method, string Path)> Steps(RouteEndpoint endpoint)
    {
        var pattern = endpoint.RoutePattern.RawText!;
        return pattern.StartsWith("/v1/admin/", StringComparison.Ordinal)
            ? endpoint.Metadata.OfType<IHttpMethodMetadata>().SelectMany(methods => methods.HttpMethods).Where(method => method != HttpMethod.Get.Method).Distinct()
                .Select(method => (new HttpMethod(method), PathOf(pattern)))
            : [];
    }

    static string PathOf(string pattern) => string.Join('/', pattern.Split('/').Select(part => part switch
    {
        ['{', ..] when part.Contains(":long", StringComparison.Ordinal) => "1",
        ['{', ..] when part.Contains("pool", StringComparison.OrdinalIgnoreCase) => "pot-main",
        ['{', ..] => "pot",
        _ => part,
    }));
}
