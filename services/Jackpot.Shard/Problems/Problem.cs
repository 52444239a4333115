using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Jackpot.Shard.Problems;

/// <summary>The one map from refusal to HTTP status, stable <c>type</c> and title (RFC 9457).</summary>
internal sealed record Problem(int Status, string Type, string Title)
{
    const string TypePrefix = "urn:jackpot:problem:";
    const int RetryAfterSeconds = 1;

    static readonly FrozenDictionary<Refusal, Problem> Map = new Dictionary<Refusal, Problem>
    {
        [Refusal.MalformedJson] = Of(400, "malformed-json", "The body is not valid JSON"),
        [Refusal.MalformedRequest] = Of(400, "malformed-request", "The path, the query or the transfer of the body cannot be read"),
        [Refusal.MethodNotAllowed] = Of(405, "method-not-allowed", "The path is not served by this method"),
        [Refusal.MediaTypeNotTaken] = Of(415, "media-type-not-taken", "The body has another Content-Type than this endpoint takes"),
        [Refusal.BodyTooLarge] = Of(413, "body-too-large", "The body is larger than this endpoint takes"),
        [Refusal.BatchTooLarge] = Of(413, "batch-too-large", "The batch has too many items"),
        [Refusal.BatchEmpty] = Of(422, "batch-empty", "The batch has no items"),
        [Refusal.TenantMissing] = Of(401, "tenant-missing", "The tenant is not named"),
        [Refusal.TenantUnknown] = Of(404, "tenant-unknown", "The tenant is not known here"),
        [Refusal.TenantElsewhere] = Of(421, "tenant-of-another-region", "The tenant belongs to another region or shard"),
        [Refusal.TenantMismatch] = Of(403, "tenant-mismatch", "The body names another tenant than the request"),
        [Refusal.FieldMissing] = Of(422, "field-missing", "A field is missing"),
        [Refusal.FieldInvalid] = Of(422, "field-invalid", "A field has a value that cannot be read"),
        [Refusal.FieldTooLong] = Of(422, "field-too-long", "A field is too long"),
        [Refusal.AmountInvalid] = Of(422, "amount-invalid", "An amount is not a plain decimal number"),
        [Refusal.AmountNegative] = Of(422, "amount-negative", "An amount is negative"),
        [Refusal.AmountTooPrecise] = Of(422, "amount-too-precise", "An amount has more than six decimals"),
        [Refusal.AmountTooLarge] = Of(422, "amount-too-large", "An amount is larger than 10^12"),
        [Refusal.CurrencyUnknown] = Of(422, "currency-unknown", "The currency is not one of this region"),
        [Refusal.CurrencyWithoutRate] = Of(422, "currency-without-rate", "No rate leads from this currency to the jackpot's"),
        [Refusal.OccurredAtOutsideWindow] = Of(422, "occurred-at-outside-window", "The bet is too old or lies in the future"),
        [Refusal.PoolUnknown] = Of(404, "pool-unknown", "The pool or jackpot is not known to this tenant"),
        [Refusal.ContributionMismatch] = Of(422, "contribution-mismatch", "The contribution is not what the configured rate gives"),
        [Refusal.JackpotPaused] = Of(409, "jackpot-paused", "The jackpot is paused and takes nothing"),
        [Refusal.KeyReused] = Of(409, "idempotency-key-reused", "The idempotency key was used with another body"),
        [Refusal.Overloaded] = Of(503, "overloaded", "More arrives than can be stored at once; try again with the same key"),
        [Refusal.NotTheOwner] = Of(409, "not-the-owner", "This replica does not own the batcher"),
        [Refusal.Unavailable] = Of(503, "unavailable", "The answer is not known; ask again with the same key"),
        [Refusal.NotFound] = Of(404, "not-found", "Nothing of that name is here"),
        [Refusal.ConfigurationInvalid] = Of(422, "configuration-invalid", "The configuration has faults"),
        [Refusal.ConfigurationDiffers] = Of(409, "configuration-differs", "The jackpot exists with another configuration"),
        [Refusal.PoolTaken] = Of(409, "pool-taken", "Another jackpot has a pool of that id"),
        [Refusal.NotEligible] = Of(422, "not-eligible", "The bet does not take part"),
        [Refusal.OptInRefused] = Of(422, "opt-in-refused", "The player cannot opt in like this"),
        [Refusal.OverLimit] = Of(422, "not-believed", "The contribution was held back and then refused"),
        [Refusal.QuarantineDecided] = Of(409, "quarantine-decided", "Somebody has decided over this contribution already"),
        [Refusal.StaffUserMissing] = Of(401, "person-missing", "Who acts is not named"),
        [Refusal.StaffUserInvalid] = Of(400, "person-invalid", "Who acts is not named by a staff id"),
        [Refusal.SameStaffUser] = Of(403, "same-person", "Another staff user than the author must decide"),
        [Refusal.NotTheAuthor] = Of(403, "not-the-author", "Only the author takes it back"),
        [Refusal.NotInThisState] = Of(409, "not-in-this-state", "That step does not follow from where it stands"),
        [Refusal.NothingChanged] = Of(422, "nothing-changed", "The change changes nothing"),
        [Refusal.NotChangeable] = Of(422, "not-changeable", "What was changed makes another jackpot of it"),
        [Refusal.ChangeStale] = Of(409, "change-stale", "Other terms are in force than those the change was written for"),
        [Refusal.ChangeWaits] = Of(409, "change-waits", "Another approved change waits to take effect"),
        [Refusal.JackpotAlreadySo] = Of(409, "jackpot-already-so", "The jackpot is in that state already"),
        [Refusal.JackpotNotPaused] = Of(409, "jackpot-not-paused", "The jackpot must be paused first"),
        [Refusal.JackpotHoldsMoney] = Of(409, "jackpot-holds-money", "An unpaid jackpot is not cancelled"),
        [Refusal.JackpotOver] = Of(409, "jackpot-over", "The jackpot is decommissioned for good"),
        [Refusal.TransferPoolsNotMapped] = Of(409, "transfer-pools-not-mapped", "A pool that holds money has no target"),
        [Refusal.TransferTargetElsewhere] = Of(409, "transfer-target-elsewhere", "The target does not live on this shard"),
        [Refusal.TransferTargetNotOpen] = Of(409, "transfer-target-not-open", "The target takes nothing at the moment"),
        [Refusal.TransferCurrenciesDiffer] = Of(409, "transfer-currencies-differ", "The target has another currency"),
        [Refusal.TransferOddsNotComparable] = Of(409, "transfer-odds-not-comparable", "The odds of the two pools cannot be compared"),
        [Refusal.TransferOddsWorse] = Of(409, "transfer-odds-worse", "The chance of winning is lower at the target"),
        [Refusal.TransferNothingToMove] = Of(409, "transfer-nothing-to-move", "The jackpot holds nothing"),
        [Refusal.TransferWaits] = Of(409, "transfer-waits", "Another transfer of the jackpot waits to be decided"),
        [Refusal.TemplateInUse] = Of(409, "template-in-use", "Jackpots were made from the template as it is"),
        [Refusal.WinnersInvalid] = Of(422, "winners-invalid", "The winners cannot share as named"),
        [Refusal.PoolNotOpen] = Of(409, "pool-not-open", "No cycle of the pool runs"),
        [Refusal.PoolDropsOtherwise] = Of(422, "pool-not-called", "The pool does not drop by such a request"),
        [Refusal.NoTicketsSold] = Of(409, "no-tickets-sold", "The raffle has no tickets to draw from"),
        [Refusal.NothingToPay] = Of(409, "nothing-to-pay", "The pool holds nothing that could be paid"),
        [Refusal.ArchiveNotReadYet] = Of(503, "archive-not-read-yet", "The rows are in the archive and are being read back"),
        [Refusal.ContributionIdReused] = Of(409, "contribution-id-reused", "The contribution id was used for another contribution"),
        [Refusal.CallerNotNamed] = Of(403, "caller-not-named", "The jackpot does not let this operator drop its pools"),
        [Refusal.WinnerHasNotContributed] = Of(422, "winner-has-not-contributed", "A winner has put nothing into the running cycle"),
        [Refusal.VoidOverLimit] = Of(409, "void-over-limit", "Two people have to agree to this void"),
        [Refusal.VoidExceedsBet] = Of(422, "void-exceeds-bet", "More would be taken back than is left of the bet"),
        [Refusal.VoidNothingLeft] = Of(409, "void-nothing-left", "The whole bet was taken back before"),
        [Refusal.BetHeld] = Of(409, "bet-held", "The bet is held for a person to decide"),
        [Refusal.VoidsWaitingFull] = Of(503, "voids-waiting-full", "Too many voids wait for bets that have not come"),
        [Refusal.ArchiveUnreadable] = Of(503, "archive-unreadable", "The rows are in an archive file that cannot be read"),
        [Refusal.RejectedAgain] = Of(422, "rejected-again", "The message was sent again and refused again"),
        [Refusal.ReadTimedOut] = Of(504, "read-timed-out", "Reading the rows took too long"),
        [Refusal.EventTypeUnknown] = Of(422, "event-type-unknown", "The event's type is neither known nor ignored"),
        [Refusal.EventNotMapped] = Of(422, "event-not-mapped", "The feed cannot make a contribution of the event"),
    }.ToFrozenDictionary();

    /// <summary>The type without its prefix.</summary>
    public string Name => Type[TypePrefix.Length..];

    public static Problem For(Refusal refusal) => Map[refusal];

    /// <summary>Writes the problem document; 503 carries Retry-After. <paramref name="detail"/> says what was seen and what to do, without personal data.</summary>
    public static Task WriteAsync(HttpContext http, Refusal refusal, string detail, string? regionUrl = null, string? reason = null)
    {
        var problem = For(refusal);
        var response = http.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        problem.AskToRetry(response);

        if (regionUrl is not null)
        {
            response.Headers.Location = regionUrl;
        }

        using (var json = new Utf8JsonWriter(response.BodyWriter))
        {
            problem.Write(json, detail, regionUrl, reason);
        }

        return response.BodyWriter.FlushAsync(http.RequestAborted).AsTask();
    }

    /// <summary>Sets Retry-After when the same request can succeed later: on a problem of its own, and on a batch that holds such an item.</summary>
    public void AskToRetry(HttpResponse response)
    {
        if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }
    }

    public void Write(Utf8JsonWriter json, string detail, string? regionUrl = null, string? reason = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Type);
        json.WriteString("title"u8, Title);
        json.WriteNumber("status"u8, Status);
        json.WriteString("detail"u8, detail);
        if (regionUrl is not null)
        {
            json.WriteString("region_url"u8, regionUrl);
        }

        if (reason is not null)
        {
            json.WriteString("reason"u8, reason);
        }

        json.WriteEndObject();
    }

    static Problem Of(int status, string type, string title) => new(status, TypePrefix + type, title);
}
