using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Wallet.Faults;

/// <summary>One way in which a wallet can be wrong for good, for tests of whoever must find it out. None is on unless it was asked for.</summary>
[JsonConverter(typeof(FlawJson))]
enum Flaw
{
    /// <summary>A transaction that comes again moves money again.</summary>
    AppliesRepetitions,

    /// <summary>The same, but only where it stands twice in one batch.</summary>
    AppliesRepetitionsInBatch,

    /// <summary>An id that comes with another amount is answered as done.</summary>
    TakesReusedIds,

    /// <summary>A cancellation that comes before its transaction is forgotten.</summary>
    ForgetsCancellations,

    /// <summary>One item that is refused refuses the whole batch.</summary>
    RefusesWholeBatches,

    /// <summary>Amounts go through a binary fraction.</summary>
    LosesDigits,

    /// <summary>No transaction is known by its id.</summary>
    KnowsNoIds,

    /// <summary>A refusal says nothing of why.</summary>
    GivesNoReasons,
    BelievesAnySignature,
    BelievesAnyClock,
    BelievesReplays,
    SignsNothing,
}

sealed class FlawJson() : JsonStringEnumConverter<Flaw>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary>Which flaws the wallet has now. Held in memory: a restart forgets them.</summary>
sealed class WalletFlaws
{
    HashSet<Flaw> _on = [];
    readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> _seen = new();

    internal bool Has(Flaw flaw) => Volatile.Read(ref _on).Contains(flaw);

    internal IReadOnlyCollection<Flaw> All => Volatile.Read(ref _on);

    internal void Set(IEnumerable<Flaw> flaws)
    {
        _seen.Clear();
        Volatile.Write(ref _on, [.. flaws]);
    }

    /// <summary>Whether it came before, since the flaws were set.</summary>
    internal bool Repeats(string id) => !_seen.TryAdd(id, true);
}
