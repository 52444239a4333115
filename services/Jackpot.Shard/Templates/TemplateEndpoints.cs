using Jackpot.Contracts.Jackpots;
using Jackpot.Contracts.Views;
using Jackpot.Core.Ids;
using Jackpot.Core.Validation;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Players;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Templates;

/// <summary>Where staff keep terms that many jackpots share, and make jackpots and personal pots from them.</summary>
internal sealed class TemplateEndpoints(TemplateStore templates, JackpotCreation creation, ShardOptions options)
{
    const string One = "/v1/admin/templates/{templateId}";
    const string Written = "a template for jackpots";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<TemplateEndpoints>();
        routes.MapDocumentedPut<JackpotDefinition>(One, endpoints.PutAsync, "Writes a template; its jackpot_id is the template's, its pools are named after their tier");
        routes.MapDocumentedGet<JackpotDefinition>(One, endpoints.GetAsync, "A template as it was written");
        routes.MapAdminPost<InstanceBody>(One + "/instances", endpoints.InstanceAsync, "Creates a jackpot with the template's terms")
            .Produces<CreatedView>(StatusCodes.Status201Created);
        routes.MapAdminPost<PersonalPotBody>(One + "/personal-pots", endpoints.PersonalPotAsync, "Creates the pot of one player, which nobody else feeds or wins")
            .Produces<CreatedView>(StatusCodes.Status201Created);
    }

    async Task PutAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not { } staffUser || await AdminEndpoints.DefinitionAsync(http) is not { } shape)
        {
            return;
        }

        var faults = JackpotConfigValidator.Validate(shape.Config).Select(fault => fault.Message).ToList();
        if (shape.Definition.JackpotId != AdminRequests.Route(http, "templateId"))
        {
            faults.Add("'jackpot_id' differs from the template's id in the path.");
        }

        if (shape.Definition.Shard != options.Id)
        {
            faults.Add($"'shard' is '{shape.Definition.Shard}', but this is shard '{options.Id}'.");
        }

        if (faults.Count > 0)
        {
            await Problem.WriteAsync(http, Refusal.ConfigurationInvalid, string.Join(" ", faults));
            return;
        }

        if (await AdminRequests.TakenAsync(http, await templates.PutAsync(shape, staffUser, Written, http.RequestAborted)))
        {
            http.Response.StatusCode = StatusCodes.Status200OK;
        }
    }

    async Task GetAsync(HttpContext http)
    {
        if (await TemplateAsync(http) is { } template)
        {
            await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, template.Shape, JackpotJson.Default.JackpotDefinition);
        }
    }

    async Task InstanceAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is { } staffUser && await TemplateAsync(http) is { } template
            && await AdminRequests.BodyAsync(http, AdminJson.Default.InstanceBody) is { } body)
        {
            await CreateJackpotAsync(http, staffUser, () => template.Instance(body.JackpotId, body.Name, body.Tenants));
        }
    }

    async Task PersonalPotAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is { } staffUser && await TemplateAsync(http) is { } template
            && await AdminRequests.BodyAsync(http, AdminJson.Default.PersonalPotBody) is { } body)
        {
            await CreateJackpotAsync(http, staffUser, () => template.PersonalPot(
                PlayerHash.Of(TenantId.Parse(body.TenantId).Value, PlayerId.Parse(body.PlayerId).Value), body.TenantId));
        }
    }

    /// <summary>201 made, 200 it is there with the same terms, 409 with others, 422 with every fault.</summary>
    async Task CreateJackpotAsync(HttpContext http, string staffUser, Func<JackpotTerms> make)
    {
        JackpotTerms terms;
        try
        {
            terms = make();
        }
        catch (FormatException e)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, e.Message);
            return;
        }

        var faults = DefinitionParser.Faults(terms, options.Id);
        if (faults.Count > 0)
        {
            await Problem.WriteAsync(http, Refusal.ConfigurationInvalid, string.Join(" ", faults));
            return;
        }

        var template = AdminRequests.Route(http, "templateId");
        switch (await creation.CreateAsync(terms, new Creator(staffUser, $"made from template {template}", template), http.RequestAborted))
        {
            case JackpotCreation.Result.Created:
                await WriteAsync(http, StatusCodes.Status201Created, terms);
                break;
            case JackpotCreation.Result.AlreadyThere:
                await WriteAsync(http, StatusCodes.Status200OK, terms);
                break;
            case JackpotCreation.Result.PoolTaken:
                await Problem.WriteAsync(http, Refusal.PoolTaken, "another jackpot has a pool of the id that one of these would get; choose another jackpot_id");
                break;
            default:
                await Problem.WriteAsync(http, Refusal.ConfigurationDiffers, "a jackpot of that id exists with other terms");
                break;
        }
    }

    static Task WriteAsync(HttpContext http, int status, JackpotTerms terms) => AdminRequests.WriteAsync(
        http, status, new CreatedView(terms.Definition.JackpotId, [.. terms.Definition.Pools.Select(pool => pool.PoolId)]), AdminJson.Default.CreatedView);

    async Task<StoredTemplate?> TemplateAsync(HttpContext http)
    {
        if (await templates.ReadAsync(AdminRequests.Route(http, "templateId"), http.RequestAborted) is { } template)
        {
            return template;
        }

        await AdminRequests.RefuseAsync(http, TemplateStore.Unknown);
        return null;
    }
}
