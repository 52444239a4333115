namespace Jackpot.Contracts.Views;

/// <summary>The rules of a jackpot as players may read them, written from the terms that it runs under.</summary>
/// <param name="JackpotId">The jackpot.</param>
/// <param name="Name">What players see.</param>
/// <param name="Currency">ISO 4217; every amount in the sentences is in it unless it says otherwise.</param>
/// <param name="Status">active, paused or decommissioned.</param>
/// <param name="TermsVersion">The version of the terms in force.</param>
/// <param name="InForceSince">Since when.</param>
/// <param name="AsOf">When this was read.</param>
/// <param name="Sections">Every topic once.</param>
/// <param name="Waiting">Sentences of approved terms that take effect later, most of them with the next cycle; left out when nothing waits.</param>
public sealed record RulesView(
    string JackpotId,
    string Name,
    string Currency,
    string Status,
    int TermsVersion,
    DateTimeOffset InForceSince,
    DateTimeOffset AsOf,
    IReadOnlyList<RulesSectionView> Sections,
    IReadOnlyList<RulesSectionView>? Waiting);

/// <summary>One heading and what stands under it. <c>topic</c> is stable, <c>heading</c> is for readers.</summary>
public sealed record RulesSectionView(string Topic, string Heading, IReadOnlyList<string> Sentences);
