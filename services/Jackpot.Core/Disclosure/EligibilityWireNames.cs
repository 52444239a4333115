using System.Collections.Immutable;
using System.Globalization;
using Jackpot.Core.Amounts;
using Jackpot.Core.Eligibility;

namespace Jackpot.Core.Disclosure;

/// <summary>Who may take part, in sentences.</summary>
static class EligibilityWireNames
{
    public static ImmutableArray<string> Of(EligibilityTerms terms) =>
    [
        "A bet that does not take part is told so, with the reason.",
        .. Sentence("Only this player's own pot: nobody else feeds it or can win it.", terms.Owner is not null),
        .. Sentence("Players must opt in first.", terms.ConsentVersion is not null),
        .. Sentence($"It runs from {Instant(terms.Runs?.FromUnixMs)} until {Instant(terms.Runs?.UntilUnixMs)} (UTC).", terms.Runs is not null),
        .. Sentence($"Brands: {string.Join(", ", terms.Brands)}.", !terms.Brands.IsEmpty),
        .. Sentence($"Countries: {string.Join(", ", terms.Countries)}.", !terms.Countries.IsEmpty),
        .. Sentence($"Games: {string.Join(", ", terms.Games)}.", !terms.Games.IsEmpty),
        .. Sentence("Only certain groups of players are invited.", !terms.Segments.IsEmpty),
        .. Sentence($"Only bets made with {string.Join(" or ", terms.Fundings.Select(MoneyWireNames.Name))} take part.", !terms.Fundings.Order().SequenceEqual(EligibilityTerms.FundingsDefault)),
        .. terms.Bands.Select(band => $"Bets from {new Money(band.MinMicros, band.Currency)} to {new Money(band.MaxMicros, band.Currency)} take part."),
    ];

    static string Instant(long? unixMs) => unixMs is { } ms
        ? DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : "";

    static IEnumerable<string> Sentence(string sentence, bool applies) => applies ? [sentence] : [];
}
