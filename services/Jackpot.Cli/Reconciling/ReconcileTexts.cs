using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jackpot.Core.Amounts;
using Jackpot.Core.Payouts;
using Jackpot.Wallets.Reconciliation;

namespace Jackpot.Cli.Reconciling;

/// <summary>What a comparison found, for people and for machines.</summary>
static class ReconcileTexts
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static PayoutState StateOf(string word) => Enum.GetValues<PayoutState>().First(state => WordOf(state.ToString()) == word);

    internal static string Text(ReconcileOptions options, CreditList list, CreditComparisonResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{options.Tenant}, {options.Day:yyyy-MM-dd} ({options.Zone}): {result.Same} credits are the same, {result.Differences.Length} differ");
        foreach (var difference in result.Differences.OrderBy(one => one.Kind).ThenBy(one => one.Listed?.Line))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{WordOf(difference.Kind.ToString()),-12}  {difference.TransactionId}  {Difference(difference)}");
        }

        foreach (var credit in result.OfAnotherDay)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"look up       {credit.TransactionId}  {credit.Amount}: sent {credit.SentAt.UtcDateTime:u}, known {credit.ChangedAt.UtcDateTime:u}; may be in the list of another day");
        }

        if (list.Beside > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{list.Beside} lines are of another time and were left out");
        }

        return text.ToString().TrimEnd();
    }

    static string Difference(CreditDifference difference) => (difference.Kind, difference.Own, difference.Listed) switch
    {
        (CreditDifferenceKind.Missing, { } own, _) => $"{own.Amount} to {own.PlayerId}: credited here {own.ChangedAt.UtcDateTime:u}, not in the list",
        (CreditDifferenceKind.Doubled, _, { } line) => $"line {line.Line}: {line.Amount} to {line.PlayerId} once more",
        (CreditDifferenceKind.OtherAmount, { } own, { } line) => $"line {line.Line}: {line.Amount}; here {own.Amount}",
        (CreditDifferenceKind.OtherPlayer, { } own, { } line) => $"line {line.Line}: to {line.PlayerId}; here to {own.PlayerId}",
        (CreditDifferenceKind.NotCredited, { } own, { } line) => $"line {line.Line}: {line.Amount} to {line.PlayerId}; here it is {WordOf(own.State.ToString())}",
        (_, _, { } line) => $"line {line.Line}: {line.Amount} to {line.PlayerId}; nothing of that id is here",
        _ => "",
    };

    internal static string Json(ReconcileOptions options, CreditList list, CreditComparisonResult result) => new JsonObject
    {
        ["tenant_id"] = options.Tenant,
        ["day"] = options.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["zone"] = options.Zone,
        ["same"] = result.Same,
        ["of_another_time"] = list.Beside,
        ["differences"] = new JsonArray([.. result.Differences.OrderBy(one => one.Kind).ThenBy(one => one.Listed?.Line).Select(DifferenceJson)]),
        ["may_be_of_another_day"] = new JsonArray([.. result.OfAnotherDay.Select(OwnJson)]),
    }.ToJsonString(Indented);

    static JsonObject DifferenceJson(CreditDifference difference)
    {
        var json = new JsonObject { ["kind"] = WordOf(difference.Kind.ToString()), ["transaction_id"] = difference.TransactionId };
        if (difference.Own is { } own)
        {
            json["here"] = OwnJson(own);
        }

        if (difference.Listed is { } line)
        {
            json["listed"] = new JsonObject { ["line"] = line.Line, ["player_id"] = line.PlayerId, ["amount"] = MoneyJson(line.Amount) };
        }

        return json;
    }

    static JsonObject OwnJson(OwnCredit own) => new()
    {
        ["payout_id"] = own.PayoutId, ["player_id"] = own.PlayerId, ["amount"] = MoneyJson(own.Amount), ["state"] = WordOf(own.State.ToString()),
        ["sent_at"] = own.SentAt.UtcDateTime, ["changed_at"] = own.ChangedAt.UtcDateTime,
    };

    static JsonObject MoneyJson(Money money) => new() { ["amount"] = JsonNode.Parse(AmountText.Format(money.Micros)), ["currency"] = money.Currency.Code };

    static string WordOf(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
