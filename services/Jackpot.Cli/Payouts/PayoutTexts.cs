using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Jackpot.Cli.Payouts;

/// <summary>What shards answer of payouts, for people.</summary>
static class PayoutTexts
{
    internal static string List(JsonElement page)
    {
        var payouts = page.GetProperty("payouts").EnumerateArray().ToList();
        if (payouts.Count == 0)
        {
            return "nothing waits here";
        }

        var text = new StringBuilder();
        foreach (var payout in payouts)
        {
            text.AppendLine(Line(payout));
        }

        return text.Append(page.TryGetProperty("after", out _) ? "there are more; narrow the filters or raise --limit" : $"{payouts.Count} payouts").ToString();
    }

    internal static string Story(JsonElement story)
    {
        var text = new StringBuilder().AppendLine(Line(story.GetProperty("payout")));
        foreach (var step in story.GetProperty("steps").EnumerateArray())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {At(step, "at")}  {Join(step, "state", "cause", "reason")}");
        }

        foreach (var order in story.GetProperty("orders").EnumerateArray())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {At(order, "created_at")}  {Order(order)}");
        }

        foreach (var note in story.GetProperty("notes").EnumerateArray())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {At(note, "at")}  {Text(note, "author")}: {Text(note, "text")}");
        }

        return text.ToString().TrimEnd();
    }

    internal static string Order(JsonElement order)
    {
        var decided = Text(order, "decided_by") is { } by ? $", {by}: {Text(order, "decision") ?? "no reason given"}" : "";
        return $"order {order.GetProperty("order_id").GetInt64()} {Text(order, "action")} {Text(order, "status")} by {Text(order, "author")}: {Text(order, "why")}{decided}";
    }

    static string Line(JsonElement payout)
    {
        var amount = payout.GetProperty("amount");
        var age = TimeSpan.FromSeconds(payout.GetProperty("age_seconds").GetInt64());
        var doubt = payout.GetProperty("in_doubt").GetBoolean() ? " IN DOUBT" : "";
        var claimed = Text(payout, "claimed_by") is { } person ? $", {person} works on it" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Text(payout, "payout_id")}  {amount.GetProperty("amount").GetRawText()} {Text(amount, "currency")}  {Text(payout, "jackpot_id")}  {Join(payout, "state", "cause", "reason")}{doubt}  for {age:d\\.hh\\:mm\\:ss}{claimed}");
    }

    static string At(JsonElement json, string field) => json.GetProperty(field).GetDateTimeOffset().ToString("u", CultureInfo.InvariantCulture);

    static string Join(JsonElement json, params string[] fields) => string.Join(' ', fields.Select(field => Text(json, field)).OfType<string>());

    static string? Text(JsonElement json, string field) => json.TryGetProperty(field, out var value) ? value.GetString() : null;
}
