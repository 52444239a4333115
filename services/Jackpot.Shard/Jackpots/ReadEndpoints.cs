using System.Net.Mime;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Jackpot.Contracts.Views;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Jackpots;

/// <summary>What anybody of a tenant may read. Every answer has an ETag; a list has at most <see cref="JackpotQueries.RowsMax"/> rows.</summary>
internal sealed class ReadEndpoints(TenantDirectory tenants, JackpotDirectory directory, JackpotQueries queries, AwardQueries awards, DisplayedPools displayed)
{
    const int LimitDefault = 50;
    const int ETagBytes = 16;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<ReadEndpoints>();
        routes.MapDocumentedGet<PoolList>("/v1/jp/pools", endpoints.PoolsAsync, "All pools that this tenant feeds; filters: brand, currency, jackpot; display: also shown in that currency");
        routes.MapDocumentedGet<PoolView>("/v1/jp/pools/{poolId}", endpoints.PoolAsync, "One pool; display: also shown in that currency");
        routes.MapDocumentedGet<JackpotView>("/v1/jp/jackpots/{jackpotId}", endpoints.JackpotAsync, "One jackpot with its pools; display: also shown in that currency");
        routes.MapDocumentedGet<JackpotView>("/jackpot/{jackpotId}", endpoints.JackpotAsync, "Short form of /v1/jp/jackpots/{jackpotId}");
        routes.MapDocumentedGet<AwardList>("/v1/jp/jackpots/{jackpotId}/awards", endpoints.AwardsAsync, "Awards, newest first");
        routes.MapDocumentedGet<CycleList>("/v1/jp/jackpots/{jackpotId}/cycles", endpoints.CyclesAsync, "Cycles, newest first, with the secrets of those that have dropped");
        routes.MapDocumentedGet<CommitmentList>("/v1/jp/jackpots/{jackpotId}/commitments", endpoints.CommitmentsAsync, "Commitments of the running cycles");
        routes.MapDocumentedGet<AwardView>("/v1/awards/{awardId}", endpoints.AwardAsync, "An award that a player of this tenant has a share of, with all its payouts");
    }

    async Task PoolsAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant)
        {
            return;
        }

        await directory.ReloadIfStaleAsync(http.RequestAborted);
        var query = http.Request.Query;
        var jackpots = directory.All.Where(jackpot => jackpot.IsFedBy(tenant.TenantId)
            && Matches(query["jackpot"], jackpot.Config.Id.Value)
            && Matches(query["currency"], jackpot.Config.Currency.Code)
            && (query["brand"].Count == 0 || jackpot.IsFedBy(query["brand"].ToString()))).ToList();
        if (await displayed.ShowAsync(http, await queries.PoolsAsync(jackpots, http.RequestAborted)) is { } pools)
        {
            await WriteAsync(http, new PoolList(pools), ViewJson.Default.PoolList);
        }

        static bool Matches(Microsoft.Extensions.Primitives.StringValues wanted, string value) => wanted.Count == 0 || wanted == value;
    }

    async Task PoolAsync(HttpContext http)
    {
        var poolId = Route(http, "poolId");
        if (await JackpotOfAsync(http, () => directory.ByPool(poolId)) is { } jackpot)
        {
            var pools = await queries.PoolsAsync([jackpot], http.RequestAborted);
            if (await displayed.ShowAsync(http, pools.FindAll(pool => pool.PoolId == poolId)) is { } shown)
            {
                await WriteAsync(http, shown.Single(), ViewJson.Default.PoolView);
            }
        }
    }

    async Task JackpotAsync(HttpContext http)
    {
        if (await JackpotOfRouteAsync(http) is { } jackpot)
        {
            if (await displayed.ShowAsync(http, await queries.PoolsAsync([jackpot], http.RequestAborted)) is { } pools)
            {
                await WriteAsync(http, new JackpotView(
                    jackpot.Config.Id.Value, jackpot.Config.Name, jackpot.Config.Currency.Code, pools[0].Status, pools[0].Sequence, pools),
                    ViewJson.Default.JackpotView);
            }
        }
    }

    async Task AwardsAsync(HttpContext http)
    {
        if (await JackpotOfRouteAsync(http) is { } jackpot && await LimitAsync(http) is { } limit)
        {
            await WriteAsync(http, new AwardList(await awards.NewestAsync(jackpot, limit, http.RequestAborted)), ViewJson.Default.AwardList);
        }
    }

    async Task CyclesAsync(HttpContext http)
    {
        if (await JackpotOfRouteAsync(http) is { } jackpot && await LimitAsync(http) is { } limit)
        {
            await WriteAsync(http, new CycleList(await queries.CyclesAsync(jackpot, limit, http.RequestAborted)), ViewJson.Default.CycleList);
        }
    }

    async Task CommitmentsAsync(HttpContext http)
    {
        if (await JackpotOfRouteAsync(http) is { } jackpot)
        {
            var pools = await queries.PoolsAsync([jackpot], http.RequestAborted);
            await WriteAsync(http, new CommitmentList(
                [.. pools.Select(pool => new CommitmentView(pool.PoolId, pool.Cycle, pool.Commitment, pool.OpenedAt))]),
                ViewJson.Default.CommitmentList);
        }
    }

    async Task AwardAsync(HttpContext http)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant)
        {
            return;
        }

        if (await awards.FindAsync(Route(http, "awardId"), tenant.TenantId, http.RequestAborted) is { } award)
        {
            await WriteAsync(http, award, ViewJson.Default.AwardView);
            return;
        }

        await Problem.WriteAsync(http, Refusal.NotFound, "no award of that id was won or shared by a player of this tenant");
    }

    ValueTask<JackpotEntry?> JackpotOfRouteAsync(HttpContext http) => JackpotOfAsync(http, () => directory.ByJackpot(Route(http, "jackpotId")));

    /// <summary>The jackpot, or null after the refusal was written. What is not this tenant's does not exist for it.</summary>
    async ValueTask<JackpotEntry?> JackpotOfAsync(HttpContext http, Func<JackpotEntry?> find)
    {
        if (await RequestTenant.TenantOfAsync(http, tenants) is not { } tenant)
        {
            return null;
        }

        if (find() is null)
        {
            await directory.ReloadIfStaleAsync(http.RequestAborted);
        }

        if (find() is { } jackpot && jackpot.IsFedBy(tenant.TenantId))
        {
            return jackpot;
        }

        await Problem.WriteAsync(http, Refusal.PoolUnknown, "no pool or jackpot of that id is open to this tenant");
        return null;
    }

    static async ValueTask<int?> LimitAsync(HttpContext http)
    {
        var text = http.Request.Query["limit"];
        if (text.Count == 0)
        {
            return LimitDefault;
        }

        if (int.TryParse(text, out var limit) && limit is >= 1 and <= JackpotQueries.RowsMax)
        {
            return limit;
        }

        await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'limit' must be 1 to {JackpotQueries.RowsMax}");
        return null;
    }

    static string Route(HttpContext http, string name) => http.Request.RouteValues[name] as string ?? "";

    static async Task WriteAsync<T>(HttpContext http, T view, JsonTypeInfo<T> json)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(view, json);
        var etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, ETagBytes))}\"";
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = "no-cache";
        if (http.Request.Headers.IfNoneMatch == etag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = MediaTypeNames.Application.Json;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
