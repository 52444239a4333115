using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Pools;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Npgsql;

namespace Jackpot.Shard.Jackpots;

/// <summary>The shard's own admin door: not routed by any gateway, reachable on the shard's loopback or cluster address alone.</summary>
internal sealed class AdminEndpoints(JackpotFounding founding, JackpotDirectory directory, NpgsqlDataSource database, ShardOptions options)
{
    const int DefinitionBytesMax = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var doors = routes.ServiceProvider.GetRequiredService<AdminEndpoints>();
        routes.MapPut("/v1/admin/jackpots/{jackpotId}", (RequestDelegate)doors.PutAsync);
        routes.MapPost("/v1/admin/jackpots/{jackpotId}/pause", (RequestDelegate)(http => doors.SetStatusAsync(http, "paused")));
        routes.MapPost("/v1/admin/jackpots/{jackpotId}/resume", (RequestDelegate)(http => doors.SetStatusAsync(http, "active")));
    }

    /// <summary>201 created, 200 the same configuration is already there, 409 another one is, 422 with every fault.</summary>
    async Task PutAsync(HttpContext http)
    {
        JackpotDefinition definition;
        JackpotConfig config;
        try
        {
            var (fits, text) = await RequestBody.ParseAsync(http.Request, DefinitionBytesMax, bytes => System.Text.Encoding.UTF8.GetString(bytes.Span));
            if (!fits)
            {
                await Problem.WriteAsync(http, Refusal.BodyTooLarge, $"at most {DefinitionBytesMax} bytes are taken");
                return;
            }

            definition = JackpotDefinition.Parse(text!);
            config = definition.ToConfig();
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            await Problem.WriteAsync(http, Refusal.ConfigurationInvalid, e.Message);
            return;
        }

        var faults = Faults(http, definition, config);
        if (faults.Count > 0)
        {
            await Problem.WriteAsync(http, Refusal.ConfigurationInvalid, string.Join(" ", faults));
            return;
        }

        await AnswerAsync(http, await founding.FoundAsync(definition, config, http.RequestAborted));
    }

    List<string> Faults(HttpContext http, JackpotDefinition definition, JackpotConfig config)
    {
        var faults = JackpotConfigValidator.Validate(config).Select(fault => fault.Message).ToList();
        if (definition.Shard != options.Id)
        {
            faults.Add($"'shard' is '{definition.Shard}', but this is shard '{options.Id}'.");
        }

        if (definition.JackpotId != http.Request.RouteValues["jackpotId"] as string)
        {
            faults.Add("'jackpot_id' differs from the one in the path.");
        }

        if (definition.Tenants.IsEmpty)
        {
            faults.Add("'tenants' is empty; name at least one operator that feeds the jackpot.");
        }

        return faults;
    }

    async Task AnswerAsync(HttpContext http, JackpotFounding.Result result)
    {
        switch (result)
        {
            case JackpotFounding.Result.Created:
                await directory.ReloadAsync((string)http.Request.RouteValues["jackpotId"]!, http.RequestAborted);
                http.Response.StatusCode = StatusCodes.Status201Created;
                break;
            case JackpotFounding.Result.AlreadyThere:
                http.Response.StatusCode = StatusCodes.Status200OK;
                break;
            default:
                await Problem.WriteAsync(http, Refusal.ConfigurationDiffers, "terms of a running jackpot are changed by proposal and approval, not here");
                break;
        }
    }

    /// <summary>Pauses or resumes. The version moves with the status, so a batch that was decided before the pause cannot be committed after it.</summary>
    async Task SetStatusAsync(HttpContext http, string status)
    {
        await using var command = database.CreateCommand("""
            UPDATE jackpot_state s SET version = s.version + 1, status = $2
            FROM jackpot j WHERE j.id = s.id AND j.jackpot_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = http.Request.RouteValues["jackpotId"] as string ?? "" });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = status });
        if (await command.ExecuteNonQueryAsync(http.RequestAborted) == 0)
        {
            await Problem.WriteAsync(http, Refusal.NotFound, "no jackpot of that id lives on this shard");
            return;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
