using System.Text.Json.Serialization;

namespace Jackpot.Wallet.Faults;

/// <summary>The endpoint through which tests ask for faults. It is shut unless Wallet__FaultEndpoint is true.</summary>
static class FaultEndpoints
{
    internal static void AddFaults(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FaultPlan>().AddSingleton<WalletFlaws>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(FaultJson.Default));
    }

    internal static void MapFaults(this WebApplication app)
    {
        if (!app.Configuration.GetValue("Wallet:FaultEndpoint", false))
        {
            return;
        }
        app.MapGet("/wallet-admin/faults", (FaultPlan plan) => new FaultsWaiting(plan.Waiting));
        app.MapPost("/wallet-admin/faults", Plan);
        app.MapDelete("/wallet-admin/faults", (FaultPlan plan) =>
        {
            plan.Clear();
            return TypedResults.NoContent();
        });
        app.MapGet("/wallet-admin/flaws", (WalletFlaws flaws) => TypedResults.Json(new FlawList([.. flaws.All]), FaultJson.Default.FlawList));
        app.MapPut("/wallet-admin/flaws", (FlawList wanted, WalletFlaws flaws) =>
        {
            flaws.Set(wanted.Flaws ?? []);
            return TypedResults.NoContent();
        });
    }

    static IResult Plan(FaultRequest request, FaultPlan plan)
    {
        if (request.Count < 1 || request.Count > FaultPlan.FaultsMax - plan.Waiting || request.DelayMs < 0 || request.Reason is null or { Length: > 200 } || request.Reason.Any(char.IsControl))
        {
            return TypedResults.Problem(statusCode: 400, type: "urn:jackpot:problem:invalid-fault",
                detail: $"count is {request.Count} and delay_ms {request.DelayMs}; count must be 1 or more, at most {FaultPlan.FaultsMax} faults wait at a time, delay_ms is not negative, and reason is a text of at most 200 characters.");
        }
        plan.Add(request.Calls, new Fault(request.Kind, TimeSpan.FromMilliseconds(request.DelayMs), request.Reason), request.Count);
        return TypedResults.Json(new FaultsWaiting(plan.Waiting), FaultJson.Default.FaultsWaiting);
    }
}

/// <summary>"The next <paramref name="Count"/> of these calls shall suffer this."</summary>
/// <param name="DelayMs">For slow: how late. For the time-outs: how long the request is held before the connection breaks; 0 = until the caller gives up.</param>
/// <param name="Reason">For refuse, which a query does not do.</param>
sealed record FaultRequest([property: JsonRequired] FaultKind Kind, int Count = 1, int DelayMs = 0, string Reason = "refused_by_fault", FaultyCalls Calls = FaultyCalls.Credits);

sealed record FaultsWaiting(int Waiting);

sealed record FlawList([property: JsonRequired] IReadOnlyList<Flaw>? Flaws);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FaultRequest))]
[JsonSerializable(typeof(FaultsWaiting))]
[JsonSerializable(typeof(FlawList))]
sealed partial class FaultJson : JsonSerializerContext;
