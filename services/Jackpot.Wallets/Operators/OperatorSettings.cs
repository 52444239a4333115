using System.Collections.Frozen;
using Jackpot.Core.Amounts;
using Jackpot.Wallets.Exchanges;
using Jackpot.Wallets.Mapping;

namespace Jackpot.Wallets.Operators;

/// <summary>Everything that the platform knows of one operator's wallet. Of a file, see <see cref="OperatorFile"/>, or made by hand.</summary>
/// <param name="Tenant">Whose wallet it is.</param>
/// <param name="BaseUrl">Before every path of the mapping.</param>
public sealed record OperatorSettings(string Tenant, Uri BaseUrl, WalletMapping Mapping)
{
    /// <summary>How long the wallet may think, where the mapping gives an operation no time of its own.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public ConnectionLimits Limits { get; init; } = ConnectionLimits.Usual;

    /// <summary>In which this operator has accounts; null for every one.</summary>
    public FrozenSet<Currency>? Currencies { get; init; }

    /// <summary>The largest single credit that is sent, in micro-units, by its currency; a currency without one has no limit.</summary>
    public FrozenDictionary<Currency, long> CreditMicrosMax { get; init; } = FrozenDictionary<Currency, long>.Empty;

    /// <summary>When the wallet may be called; null for always.</summary>
    public AllowedHours? Hours { get; init; }

    /// <summary>The name under which both parties know the key that requests and answers are signed with; null where nothing is signed.</summary>
    public string? KeyId { get; init; }

    /// <summary>What the secret store calls the key, or the password that a mapping's <c>{secret}</c> stands for.</summary>
    public string? SecretName { get; init; }

    /// <summary>Answers that the operator did not sign are not believed.</summary>
    public bool AnswersAreSigned { get; init; }

    /// <summary>A conformance run has shown it; see <see cref="Transactions.IOperatorWallet.CreditsAreIdempotent"/>.</summary>
    public bool CreditsAreIdempotent { get; init; }
}

/// <summary>Hours of every day in the operator's own time, from the first to before the second; over midnight where the first is later.</summary>
public sealed record AllowedHours(TimeOnly From, TimeOnly Until, TimeZoneInfo Zone)
{
    public bool Allow(DateTimeOffset now) => TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime).IsBetween(From, Until);
}
