using System.Text;
using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Admin;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Jackpots;

/// <summary>The shard's own admin endpoint: not routed by any gateway, reachable on the shard's loopback or cluster address alone.</summary>
internal sealed class AdminEndpoints(JackpotCreation creation, ShardOptions options)
{
    /// <summary>The longest definition that is taken.</summary>
    public const int DefinitionBytesMax = 64 * 1024;

    const string FirstTerms = "first terms";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<AdminEndpoints>();
        routes.MapDocumentedPut<JackpotDefinition>("/v1/admin/jackpots/{jackpotId}", endpoints.PutAsync, "Creates a jackpot; its terms change by proposal and approval later");
    }

    /// <summary>201 created, 200 the same configuration is already there, 409 another one is, 422 with every fault.</summary>
    async Task PutAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not { } staffUser || await DefinitionAsync(http) is not { } terms)
        {
            return;
        }

        var faults = DefinitionParser.Faults(terms, options.Id);
        if (terms.Definition.JackpotId != AdminRequests.Route(http, "jackpotId"))
        {
            faults.Add("'jackpot_id' differs from the one in the path.");
        }

        if (faults.Count > 0)
        {
            await Problem.WriteAsync(http, Refusal.ConfigurationInvalid, string.Join(" ", faults));
            return;
        }

        await AnswerAsync(http, await creation.CreateAsync(terms, new Creator(staffUser, FirstTerms), http.RequestAborted));
    }

    /// <summary>The terms in the body, not looked at for faults; null after the refusal was written.</summary>
    public static async Task<JackpotTerms?> DefinitionAsync(HttpContext http)
    {
        if (await StrictBody.ReadAsync(http, DefinitionBytesMax, bytes => Encoding.UTF8.GetString(bytes.Span)) is not { } text)
        {
            return null;
        }

        var verdict = DefinitionParser.Read(text);
        return await AdminRequests.TakenAsync(http, verdict) ? verdict.Result : null;
    }

    static async Task AnswerAsync(HttpContext http, JackpotCreation.Result result)
    {
        switch (result)
        {
            case JackpotCreation.Result.Created:
                http.Response.StatusCode = StatusCodes.Status201Created;
                break;
            case JackpotCreation.Result.AlreadyThere:
                http.Response.StatusCode = StatusCodes.Status200OK;
                break;
            case JackpotCreation.Result.PoolTaken:
                await Problem.WriteAsync(http, Refusal.PoolTaken, "a pool's id is unique on the shard; give the pool another one");
                break;
            default:
                await Problem.WriteAsync(http, Refusal.ConfigurationDiffers, "terms of a running jackpot are changed by proposal and approval, not here");
                break;
        }
    }
}
