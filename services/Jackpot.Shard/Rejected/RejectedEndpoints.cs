using System.Globalization;
using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Ledger.Texts;
using Jackpot.ServiceDefaults.Json;
using Jackpot.Shard.Admin;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Rejected;

/// <summary>Where staff look at messages that nobody could take, mend them and send them again, or give them up: by name, with a reason.</summary>
internal sealed class RejectedEndpoints(RejectedStore store, RejectedRetry retry)
{
    const int RowsMax = 200;
    const string All = "/v1/admin/rejected";
    const string One = All + "/{id:long}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<RejectedEndpoints>();
        routes.MapDocumentedGet<RejectedList>(
            All, endpoints.ListAsync, $"Rejected messages, oldest first, at most 'limit' ({RowsMax}): of 'state', 'topic', 'tenant' and 'reason', after id 'after'");
        routes.MapDocumentedGet<RejectedShown>(One, endpoints.ShowAsync, "A rejected message and what it says; the audit log tells who has read it");
        routes.MapAdminPost<RetryBody>(One + "/retry", endpoints.RetryAsync, "Sends a rejected message again, as it came or mended").Produces<RejectedView>();
        routes.MapAdminPost<WhyBody>(One + "/drop", endpoints.DropAsync, "Gives a rejected message up").Produces<RejectedView>();
    }

    async Task ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        RejectedState? state = null;
        if (query["state"].FirstOrDefault() is { } word)
        {
            if (!WireNames.TryParse<RejectedState>(word, out var known))
            {
                await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'state' must be one of {string.Join(", ", Enum.GetValues<RejectedState>().Select(WireNames.Of))}");
                return;
            }

            state = known;
        }

        var limit = 0L;
        if (!Number(query["after"], 0, out var after) || !Number(query["limit"], RowsMax, out limit) || limit is < 1 or > RowsMax)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'after' must be the id of a rejected message, and 'limit' a number from 1 to {RowsMax}");
            return;
        }

        string?[] texts = [query["topic"].FirstOrDefault(), query["tenant"].FirstOrDefault(), query["reason"].FirstOrDefault()];
        var page = await store.ListAsync(new RejectedFilter(state, texts[0], texts[1], texts[2], after, (int)limit + 1), http.RequestAborted);
        var isLast = page.Count <= limit;
        await JsonBody.WriteAsync(
            http, isLast ? new RejectedList(page, null) : new RejectedList(page[..(int)limit], page[(int)limit - 1].Id), RejectedJson.Default.RejectedList);
    }

    static bool Number(string? text, long otherwise, out long number)
    {
        number = otherwise;
        return text is null || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    async Task ShowAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not { } person)
        {
            return;
        }

        var shown = await store.ShowAsync(IdOf(http), person, http.RequestAborted);
        if (await AdminRequests.TakenAsync(http, shown))
        {
            var text = shown.Result!;
            var body = JsonOf(text.Body);
            await JsonBody.WriteAsync(
                http, new RejectedShown(text.Message, body, body is null ? text.Body : null, text.Mended is { } mended ? JsonOf(mended) : null), RejectedJson.Default.RejectedShown);
        }
    }

    /// <summary>Null when the bytes are not JSON that can be shown within JSON.</summary>
    static JsonElement? JsonOf(byte[] bytes)
    {
        try
        {
            StrictJson.Require(bytes);
            return JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    async Task RetryAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is not { } person || await AdminRequests.BodyAsync(http, RejectedJson.Default.RetryBody) is not { } body
            || await AdminRequests.WhyAsync(http, body.Why) is not { } why)
        {
            return;
        }

        byte[]? mended = body.Body is { } element ? JsonSerializer.SerializeToUtf8Bytes(element, RejectedJson.Default.JsonElement) : null;
        await AnswerAsync(http, await retry.RetryAsync(IdOf(http), new Decision(person, why), mended, http.RequestAborted));
    }

    async Task DropAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is { } person && await AdminRequests.WhyOfBodyAsync(http) is { } why)
        {
            await AnswerAsync(http, await store.DropAsync(IdOf(http), person, why, http.RequestAborted));
        }
    }

    static async Task AnswerAsync(HttpContext http, Verdict<RejectedView> verdict)
    {
        if (await AdminRequests.TakenAsync(http, verdict))
        {
            await JsonBody.WriteAsync(http, verdict.Result!, RejectedJson.Default.RejectedView);
        }
    }

    static long IdOf(HttpContext http) => long.Parse(AdminRequests.Route(http, "id"), CultureInfo.InvariantCulture);
}
