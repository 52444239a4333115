using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Wallets.Conformance;

/// <summary>How one check ended.</summary>
[JsonConverter(typeof(VerdictJson))]
public enum Verdict
{
    Passed,
    Failed,

    /// <summary>Not looked at; the message says why.</summary>
    Skipped,
}

sealed class VerdictJson() : JsonStringEnumConverter<Verdict>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <param name="Check">Its name, the same in every version.</param>
/// <param name="Asks">What is asked of the wallet, for people.</param>
/// <param name="Seen">What was seen instead, or why it was not looked at; empty when it passed.</param>
public sealed record CheckResult(string Check, string Asks, Verdict Verdict, string Seen);

/// <summary>What a run found, for a person as text or HTML and for a machine as JSON. An operator's settings name the JSON file.</summary>
/// <param name="CreditsAreIdempotent">
/// Whether repeated credits moved money once, one after another, at once and after a lost answer: only then is a credit without an answer ever sent again.
/// </param>
public sealed record ConformanceReport(
    string Wallet, string Mapping, DateTimeOffset At, bool Conforms, bool CreditsAreIdempotent, ImmutableArray<CheckResult> Checks)
{
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.ConformanceReport);

    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Wallet}, mapping {Mapping}, {At:yyyy-MM-dd HH:mm}Z\n\n");
        foreach (var check in Checks)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Word(check.Verdict),-7}  {check.Check,-24}  {check.Asks}\n");
            if (check.Seen.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{"",-35}{check.Seen}\n");
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"\n{Summary}\n").ToString();
    }

    public string ToHtml()
    {
        static string Safe(string text) => WebUtility.HtmlEncode(text);
        var rows = string.Concat(Checks.Select(check =>
            $"<tr class=\"{Word(check.Verdict).ToLowerInvariant()}\"><td>{Word(check.Verdict)}</td><td><code>{Safe(check.Check)}</code></td><td>{Safe(check.Asks)}{(check.Seen.Length == 0 ? "" : $"<br><em>{Safe(check.Seen)}</em>")}</td></tr>\n"));
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Wallet conformance: {{Safe(Wallet)}}</title>
            <style>
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
            table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #ccc }
            td:nth-child(2) { white-space: nowrap } .passed td:first-child { color: #0b5d1e } .failed td:first-child { color: #a4000f; font-weight: bold } .skipped td:first-child { color: #5a5a5a }
            </style>
            </head>
            <body>
            <h1>Wallet conformance</h1>
            <p>{{Safe(Wallet)}}, mapping <code>{{Safe(Mapping)}}</code>, <time>{{At:yyyy-MM-ddTHH:mm:ssZ}}</time></p>
            <p><strong>{{Safe(Summary)}}</strong></p>
            <table>
            <thead><tr><th scope="col">verdict</th><th scope="col">check</th><th scope="col">what is asked</th></tr></thead>
            <tbody>
            {{rows}}</tbody>
            </table>
            </body>
            </html>

            """;
    }

    int Skipped => Checks.Count(check => check.Verdict == Verdict.Skipped);

    string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{Checks.Count(check => check.Verdict == Verdict.Passed)} passed, {Checks.Count(check => check.Verdict == Verdict.Failed)} failed, {Skipped} skipped. The wallet {(!Conforms ? "does not conform" : Skipped == 0 ? "conforms" : "conforms in all that was looked at")}; a credit without an answer {(CreditsAreIdempotent ? "may be sent again" : "is never sent again")}.");

    static string Word(Verdict verdict) => verdict switch { Verdict.Passed => "passed", Verdict.Failed => "FAILED", _ => "skipped" };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ConformanceReport))]
sealed partial class ReportJson : JsonSerializerContext;
