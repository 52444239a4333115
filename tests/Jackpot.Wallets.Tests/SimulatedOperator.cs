using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Jackpot.Core.Amounts;
using Jackpot.TestKit;
using Jackpot.Wallets.Mapping;
using Jackpot.Wallets.Operators;
using Jackpot.Wallets.Transactions;

namespace Jackpot.Wallets.Tests;

/// <summary>An operator with an API of its own, in process. What a mapping file says is tested against it; nothing here reads that file.</summary>
abstract class SimulatedOperator : HttpMessageHandler
{
    protected sealed record Booking(string Id, string Player, long Cents, string Currency, bool IsCredit, string Round) { public bool IsCancelled { get; set; } }

    public const string Secret = "a secret of the operator";

    protected Dictionary<string, Booking> Book { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Closed { get; } = [];

    public Dictionary<string, long> Cents { get; } = new(StringComparer.Ordinal);

    /// <summary>The bodies that came, in their order.</summary>
    public List<JsonNode?> Bodies { get; } = [];

    public List<HttpRequestMessage> Requests { get; } = [];

    /// <summary>In place of the next answers, after the money moved.</summary>
    public Queue<Func<HttpResponseMessage, HttpResponseMessage>> Spoiled { get; } = new();

    public long CentsOf(string player) => Cents.GetValueOrDefault(player);

    protected abstract HttpResponseMessage Answer(HttpRequestMessage request, string path, JsonNode? body);

    protected sealed override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken));
        lock (Book)
        {
            Bodies.Add(body);
            Requests.Add(request);
            var answer = Answer(request, request.RequestUri!.PathAndQuery, body);
            return Spoiled.TryDequeue(out var spoil) ? spoil(answer) : answer;
        }
    }

    /// <summary>Null when it is booked now, else why not: exists, closed, broke, cancelled.</summary>
    protected string? Apply(Booking booking)
    {
        if (Book.TryGetValue(booking.Id, out var before))
        {
            return before.IsCancelled ? "cancelled" : before == booking ? "exists" : "another";
        }

        if (Closed.Contains(booking.Player))
        {
            return "closed";
        }

        if (!booking.IsCredit && CentsOf(booking.Player) < booking.Cents)
        {
            return "broke";
        }

        Book.Add(booking.Id, booking);
        Cents[booking.Player] = CentsOf(booking.Player) + (booking.IsCredit ? booking.Cents : -booking.Cents);
        return null;
    }

    protected void Cancel(Booking booking)
    {
        if (!Book.TryGetValue(booking.Id, out var before))
        {
            Book.Add(booking.Id, booking with { IsCancelled = true });
        }
        else if (!before.IsCancelled)
        {
            before.IsCancelled = true;
            Cents[before.Player] -= before.IsCredit ? before.Cents : -before.Cents;
        }
    }

    protected static HttpResponseMessage Json(HttpStatusCode status, JsonNode body) =>
        new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    protected static string Units(long cents) => (cents / 100m).ToString("F2", CultureInfo.InvariantCulture);

    protected static long CentsFrom(decimal units) => (long)(units * 100);

    /// <summary>What stands between the slashes, behind the base.</summary>
    protected static string[] Steps(string path) => [.. path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Uri.UnescapeDataString)];

    public static WalletMapping Mapping(string name)
    {
        var mapping = WalletMapping.Read(Path.Combine(RepositoryFolder.Root, "components", "wallets", name + ".yaml"), out var faults);
        Assert.Empty(faults);
        return mapping!;
    }

    public OperatorWallet Wallet(string mapping) => new(
        new OperatorSettings("brand-42", new Uri("http://operator.invalid/base/"), Mapping(mapping)) { SecretName = "s" }, (_, _) => ValueTask.FromResult(Secret), TimeProvider.System, this);
}

/// <summary>Errors are status codes.</summary>
sealed class StatusCodeOperator : SimulatedOperator
{
    protected override HttpResponseMessage Answer(HttpRequestMessage request, string path, JsonNode? body)
    {
        if (request.Headers.GetValues("X-Api-Key").Single() != Secret || request.Headers.GetValues("X-Brand").Single() != "brand-42")
        {
            return new(HttpStatusCode.Unauthorized);
        }

        var steps = Steps(path);
        return (request.Method.Method, steps) switch
        {
            ("POST", ["sessions", "verify"]) => (string?)body!["token"] == "good"
                ? Json(HttpStatusCode.OK, new JsonObject { ["player"] = new JsonObject { ["id"] = "p", ["currency"] = "SEK", ["licence"] = "SE", ["tags"] = new JsonArray("vip") } })
                : Json(HttpStatusCode.Forbidden, new JsonObject { ["error"] = "token_expired" }),
            ("GET", ["players", var player, "balance"]) => Json(HttpStatusCode.OK, new JsonObject { ["balance"] = CentsOf(player) / 100m }),
            ("POST", ["players", var player, var side]) => Move(body!, player, side == "credits"),
            ("DELETE", ["players", var player, "movements", var id]) => Cancelled(request.RequestUri!, player, id),
            ("GET", ["movements", var id]) => Book.TryGetValue(id, out var found) ? Json(HttpStatusCode.OK, Shown(found)) : new(HttpStatusCode.NotFound),
            _ => new(HttpStatusCode.NotImplemented),
        };
    }

    HttpResponseMessage Move(JsonNode body, string player, bool isCredit)
    {
        var booking = new Booking(
            Guid.ParseExact((string)body["id"]!, "D").ToString(), player, CentsFrom((decimal)body["amount"]!), (string)body["currency"]!, isCredit, (string?)body["round"] ?? "");
        var status = Apply(booking) switch { null => HttpStatusCode.Created, "exists" or "another" => HttpStatusCode.Conflict, "closed" => HttpStatusCode.Locked, "broke" => HttpStatusCode.PaymentRequired, _ => HttpStatusCode.Gone };
        return Json(status, Shown(Book.GetValueOrDefault(booking.Id, booking)));
    }

    HttpResponseMessage Cancelled(Uri target, string player, string id)
    {
        var query = System.Web.HttpUtility.ParseQueryString(target.Query);
        Cancel(new Booking(id, player, CentsFrom(decimal.Parse(query["amount"]!, CultureInfo.InvariantCulture)), query["currency"]!, false, ""));
        return Json(HttpStatusCode.OK, Shown(Book[id]));
    }

    static JsonObject Shown(Booking booking) => new()
    {
        ["id"] = booking.Id, ["player"] = booking.Player, ["amount"] = booking.Cents / 100m, ["currency"] = booking.Currency, ["state"] = booking.IsCancelled ? "cancelled" : "booked",
    };
}

/// <summary>Everything is 200; the body has the code.</summary>
sealed class BodyCodeOperator : SimulatedOperator
{
    protected override HttpResponseMessage Answer(HttpRequestMessage request, string path, JsonNode? body)
    {
        if (request.Headers.Authorization?.ToString() != "Bearer " + Secret || path != "/base/api")
        {
            return Coded(7, "not allowed", null);
        }

        return (string)body!["command"]! switch
        {
            "authenticate" => (string?)body["token"] == "good" ? Coded(0, "ok", new JsonObject { ["user"] = "p", ["currency"] = "EUR", ["country"] = "MT" }) : Coded(8, "token_expired", null),
            "balance" => Coded(0, "ok", new JsonObject { ["balance"] = Units(CentsOf((string)body["user"]!)) }),
            "win" or "bet" => Move(body),
            "wins" => Coded(0, "ok", new JsonArray([.. body["wins"]!.AsArray().Select(win => (JsonNode)Item(win!))])),
            "rollback" => Rollback(body),
            "status" => Book.TryGetValue((string)body["request"]!, out var found) ? Coded(found.IsCancelled ? 6 : 0, "", Shown(found)) : Coded(5, "unknown", null),
            _ => Coded(9, "internal", null),
        };
    }

    HttpResponseMessage Move(JsonNode body)
    {
        var booking = Read(body, (string)body["command"]! == "win");
        return Coded(CodeOf(Apply(booking)), "", Shown(Book.GetValueOrDefault(booking.Id, booking)));
    }

    JsonObject Item(JsonNode win)
    {
        var booking = Read(win, true);
        var item = Shown(booking);
        item["code"] = CodeOf(Apply(booking));
        return item;
    }

    HttpResponseMessage Rollback(JsonNode body)
    {
        var booking = Read(body, false);
        Cancel(booking);
        return Coded(0, "ok", Shown(Book[booking.Id]));
    }

    static int CodeOf(string? why) => why switch { null => 0, "exists" => 1, "broke" => 2, "closed" => 3, _ => 4 };

    static Booking Read(JsonNode body, bool isCredit)
    {
        Assert.InRange(((string)body["request"]!).Length, 1, 32);
        return new((string)body["request"]!, (string)body["user"]!, CentsFrom(decimal.Parse((string)body["amount"]!, CultureInfo.InvariantCulture)), (string)body["currency"]!, isCredit, "");
    }

    static JsonObject Shown(Booking booking) => new() { ["request"] = booking.Id, ["user"] = booking.Player, ["amount"] = Units(booking.Cents), ["currency"] = booking.Currency };

    static HttpResponseMessage Coded(int code, string message, JsonNode? data) =>
        Json(HttpStatusCode.OK, new JsonObject { ["code"] = code, ["message"] = message, ["data"] = data });
}

/// <summary>One transaction id per round, whole cents, and answers that do not say for whom.</summary>
sealed class SharedRoundOperator : SimulatedOperator
{
    protected override HttpResponseMessage Answer(HttpRequestMessage request, string path, JsonNode? body)
    {
        var steps = Steps(path)[1..];
        return steps switch
        {
            ["brand-42", "actions"] => Act(body!),
            ["brand-42", "actions", var action, "cancelled"] => Cancelled(body!, action),
            ["brand-42", "rounds", var round, "actions", var action] => Book.TryGetValue(action, out var found) && found.Round == round
                ? Json(HttpStatusCode.OK, Shown(found)) : Json(HttpStatusCode.NotFound, new JsonObject { ["state"] = "NONE" }),
            ["brand-42", var player] => Json(HttpStatusCode.OK, new JsonObject { ["cents"] = CentsOf(player) }),
            _ => new(HttpStatusCode.BadGateway),
        };
    }

    HttpResponseMessage Act(JsonNode body)
    {
        var action = (string)body["actionId"]!;
        Assert.All(action, symbol => Assert.InRange(symbol, '0', '9'));
        var why = Apply(new Booking(action, (string)body["playerId"]!, (long)body["cents"]!, (string)body["currency"]!, (string)body["action"]! == "WIN", (string)body["transactionId"]!));
        return Json(HttpStatusCode.OK, why is null or "exists"
            ? new JsonObject { ["result"] = "OK", ["transactionId"] = (string)body["transactionId"]!, ["actionId"] = action, ["cents"] = (long)body["cents"]! }
            : new JsonObject { ["result"] = "ERROR", ["error"] = why switch { "closed" => "LOCKED", "broke" => "NO_MONEY", _ => "DUPLICATE" } });
    }

    HttpResponseMessage Cancelled(JsonNode body, string action)
    {
        Cancel(new Booking(action, (string)body["playerId"]!, (long)body["cents"]!, (string)body["currency"]!, false, (string)body["transactionId"]!));
        var shown = Shown(Book[action]);
        shown["result"] = "OK";
        return Json(HttpStatusCode.OK, shown);
    }

    static JsonObject Shown(Booking booking) => new()
    {
        ["actionId"] = booking.Id, ["playerId"] = booking.Player, ["cents"] = booking.Cents, ["currency"] = booking.Currency, ["state"] = booking.IsCancelled ? "CANCELLED" : "BOOKED",
    };
}
