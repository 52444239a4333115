using System.Globalization;
using Jackpot.Contracts.Instants;
using Jackpot.Contracts.Views;
using Jackpot.Shard.Admin;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Reconciliation;

/// <summary>Our side of the comparison with an operator's own list. Players are named, so who asks is too.</summary>
internal sealed class WalletCreditEndpoints(WalletCredits credits)
{
    /// <summary>Longest time that one question is about: a day and what clocks and time zones add.</summary>
    static readonly TimeSpan SpanMax = TimeSpan.FromDays(3);

    const int IdCharsMax = 128;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapDocumentedGet<WalletCreditList>(
        "/v1/admin/wallet-credits", routes.ServiceProvider.GetRequiredService<WalletCreditEndpoints>().ListAsync,
        $"What an operator should have credited (tenant, from, until; after, limit), or up to {WalletCredits.IdsMax} by id (tenant, payouts with commas between them)");

    async Task ListAsync(HttpContext http)
    {
        if (await StaffUser.OfAsync(http) is null)
        {
            return;
        }

        var query = http.Request.Query;
        var (tenant, ids, after) = (query["tenant"].ToString(), query["payouts"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries), query["after"].FirstOrDefault());
        if (tenant.Length is 0 or > IdCharsMax || after?.Length > IdCharsMax || ids.Length > WalletCredits.IdsMax || ids.Any(id => id.Length > IdCharsMax))
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'tenant' must be named, 'payouts' names at most {WalletCredits.IdsMax}; ids have at most {IdCharsMax} characters");
            return;
        }

        if (ids.Length > 0)
        {
            await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, await credits.FindAsync(tenant, ids, http.RequestAborted), PayoutJson.Default.WalletCreditList);
            return;
        }

        if (!Rfc3339.TryParse(query["from"].ToString(), out var from) || !Rfc3339.TryParse(query["until"].ToString(), out var until) || from >= until || until - from > SpanMax)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'from' and 'until' are each {Rfc3339.Expected}, 'until' after 'from' by at most {SpanMax.TotalDays} days; a '+' is sent as %2B");
            return;
        }

        var limit = WalletCredits.RowsMax;
        if (query["limit"].Count > 0 && !(int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= WalletCredits.RowsMax))
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, $"'limit' must be 1 to {WalletCredits.RowsMax}");
            return;
        }

        var page = await credits.ListAsync(tenant, from.ToUniversalTime(), until.ToUniversalTime(), after, limit, http.RequestAborted);
        await AdminRequests.WriteAsync(http, StatusCodes.Status200OK, page, PayoutJson.Default.WalletCreditList);
    }
}
