using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Jackpot.EndToEnd.Tests;

/// <summary>An event as an operator's platform publishes it, ready for Dapr's bulk publish.</summary>
/// <param name="Json">The entry's event: a CloudEvent, or base64 of bytes without an envelope.</param>
internal sealed record FeedEvent(string Json);

/// <summary>
/// What operators of the two example feeds send, from a seed: bets, wins, rollbacks before and after their bet, what is to be ignored, 5 % sent twice,
/// all of it out of order, and 1 % poison. Beside it the sum that the pools must show, computed of the stakes alone.
/// </summary>
internal sealed class FeedTraffic
{
    /// <summary>Of both example jackpots: what a stake gives to the pool and its reserve together.</summary>
    const long ContributionPpm = 12_500;

    const int Million = 1_000_000;
    const int MinorUnit = 10_000;
    const int ReorderWindow = 400;

    /// <summary>Bets that come first, and the stake of each: voids are taken up to one percent of the day, so there has to be a day.</summary>
    const int OpeningBets = 500;
    const int OpeningPence = 500_00;

    /// <summary>Of all that was bet so far, what is taken back at most. Far below the limit, for of the bets some are still on their way.</summary>
    const int VoidedPpmMax = 2_500;
    const string EventType = "application/cloudevents+json";
    const string BytesType = "application/octet-stream";

    readonly Random _random;
    readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    readonly string _name;

    FeedTraffic(string name, int seed, bool isAurora) => (_name, _random, IsAurora) = (name, new Random(seed), isAurora);

    bool IsAurora { get; }

    /// <summary>What must have been recorded before the rest is published.</summary>
    public List<FeedEvent> Opening { get; } = [];

    /// <summary>The rest, in the order in which it is published.</summary>
    public List<FeedEvent> Events { get; } = [];

    public int Bets { get; private set; }

    /// <summary>Bets that are taken back; each is among <see cref="Bets"/>.</summary>
    public int RolledBack { get; private set; }

    public int Poison { get; private set; }

    /// <summary>What all bets give, in micro-units.</summary>
    public long ContributedMicros { get; private set; }

    /// <summary>What is taken back of it.</summary>
    public long VoidedMicros { get; private set; }

    public string ContentType => IsAurora ? EventType : BytesType;

    public static FeedTraffic Aurora(int seed, int count) => new FeedTraffic($"aurora-{seed}", seed, isAurora: true).Play(count);

    public static FeedTraffic Nimbus(int seed, int count) => new FeedTraffic($"nimbus-{seed}", seed, isAurora: false).Play(count);

    FeedTraffic Play(int count)
    {
        for (var i = 0; i < OpeningBets; i++)
        {
            Count(OpeningPence);
            Opening.Add(Bet(-1 - i, OpeningPence));
        }

        for (var i = 0; Events.Count < count; i++)
        {
            var kind = _random.Next(1_000);
            switch (kind)
            {
                case < 10:
                    Poison++;
                    Events.Add(PoisonEvent(i));
                    break;
                case < 60:
                    Events.Add(IsAurora ? Wrap("aurora.session.opened", """{"operator":"AURORA-MT"}""") : Bare("""{"kind":"HEARTBEAT"}"""));
                    break;
                case < 260:
                    Events.Add(Win(i));
                    break;
                default:
                    AddBet(i, isRolledBack: kind > 995);
                    break;
            }

            if (_random.Next(20) == 0)
            {
                Events.Add(Events[^1]);
            }
        }

        Reorder();
        return this;
    }

    void AddBet(int i, bool isRolledBack)
    {
        var pence = _random.Next(1, 500_00);
        var contribution = Count(pence);
        var bet = Bet(i, pence);
        if (!isRolledBack || (Int128)(VoidedMicros + contribution) * Million > (Int128)ContributedMicros * VoidedPpmMax)
        {
            Events.Add(bet);
            return;
        }

        (RolledBack, VoidedMicros) = (RolledBack + 1, VoidedMicros + contribution);
        Events.AddRange(_random.Next(2) == 0 ? [bet, Rollback(i)] : [Rollback(i), bet]);
    }

    long Count(int pence)
    {
        var contribution = (long)((Int128)pence * MinorUnit * ContributionPpm / Million);
        (Bets, ContributedMicros) = (Bets + 1, ContributedMicros + contribution);
        return contribution;
    }

    FeedEvent Bet(int i, int pence) => IsAurora
        ? Wrap("aurora.bet.placed", $$"""{"operator":"AURORA-MT","transaction":{"id":"{{_name}}-{{i}}","at":{{At(i).ToUnixTimeMilliseconds()}},"amount":{{pence}},"currency":"EUR","account":"{{(i % 7 == 0 ? "BONUS" : "REAL")}}"},"player":{"ref":"p-{{Math.Abs(i % 997)}}","country":"MT"},"game":{"code":"game-{{Math.Abs(i % 5)}}","round":"r-{{i}}"} }""")
        : Bare($$"""{"kind":"STAKE","brand":7,"round":"{{_name}}-{{i}}","leg":{{Math.Abs(i % 3)}},"customer":"c-{{Math.Abs(i % 997)}}","title":"game-{{Math.Abs(i % 5)}}","at":"{{At(i):O}}","stake":"{{pence / 100}}.{{pence % 100:00}}","currency":"GBP"}""");

    FeedEvent Rollback(int i) => IsAurora
        ? Wrap("aurora.bet.cancelled", $$"""{"operator":"AURORA-MT","transaction":{"id":"{{_name}}-{{i}}-back","reverses":"{{_name}}-{{i}}","at":{{At(i).ToUnixTimeMilliseconds()}}} }""")
        : Bare($$"""{"kind":"REFUND","brand":7,"round":"{{_name}}-{{i}}","leg":{{i % 3}},"refund":"x","at":"{{At(i):O}}"}""");

    FeedEvent Win(int i) => IsAurora
        ? Wrap("aurora.bet.settled", $$"""{"operator":"AURORA-MT","transaction":{"id":"{{_name}}-{{i}}-win","amount":{{_random.Next(100_000)}},"currency":"EUR"} }""")
        : Bare($$"""{"kind":"PAYOUT","brand":7,"round":"{{_name}}-{{i}}","stake":"99.00","currency":"GBP"}""");

    /// <summary>Each says which one it is, so that each is kept for itself.</summary>
    FeedEvent PoisonEvent(int i) => (IsAurora, i % 4) switch
    {
        (true, 0) => Wrap("aurora.jackpot.won", $$"""{"operator":"AURORA-MT","transaction":{"id":"{{_name}}-poison-{{i}}"} }"""),
        (true, 1) => Wrap("aurora.bet.placed", $$"""{"operator":"NOBODY","transaction":{"id":"{{_name}}-poison-{{i}}"} }"""),
        (true, 2) => Wrap("aurora.bet.placed", $$"""{"operator":"AURORA-MT","transaction":{"id":"{{_name}}-poison-{{i}}","at":1,"amount":-1,"currency":"EUR","account":"REAL"} }"""),
        (true, _) => new FeedEvent($$"""{"specversion":"1.0","id":"{{_name}}-poison-{{i}}","source":"aurora/wallet","type":"aurora.bet.placed","data_base64":"{{Base64($$"""{"player":"\ud800","n":{{i}}}""")}}"}"""),
        (false, 0) => Bare($$"""{"kind":"JACKPOT","brand":7,"round":"{{_name}}-poison-{{i}}"}"""),
        (false, 1) => Bare($$"""{"kind":"STAKE","brand":8,"round":"{{_name}}-poison-{{i}}"}"""),
        (false, 2) => Bare($$"""{"kind":"STAKE","brand":7,"round":"{{_name}}-poison-{{i}}","leg":1,"customer":"c","title":"g","at":"now","stake":"1,5","currency":"GBP"}"""),
        _ => Bare($"no JSON at all, {_name}-poison-{i}"),
    };

    DateTimeOffset At(int i) => _now.AddMilliseconds(-Math.Abs(i) % 60_000);

    FeedEvent Wrap(string type, string data) => new($$"""{"specversion":"1.0","id":"{{_name}}-{{Events.Count}}","source":"aurora/wallet","type":"{{type}}","data":{{data}} }""");

    static FeedEvent Bare(string text) => new(JsonSerializer.Serialize(Base64(text)));

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    void Reorder()
    {
        for (var i = 0; i < Events.Count; i++)
        {
            var other = Math.Min(i + _random.Next(ReorderWindow), Events.Count - 1);
            (Events[i], Events[other]) = (Events[other], Events[i]);
        }
    }

    /// <summary>The body of a bulk publish.</summary>
    public string Publish(IEnumerable<FeedEvent> events) =>
        $"[{string.Join(',', events.Select((one, i) => $$"""{"entryId":"{{i.ToString(CultureInfo.InvariantCulture)}}","contentType":"{{ContentType}}","event":{{one.Json}} }"""))}]";
}
