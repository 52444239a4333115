using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Jackpot.Contracts.Views;

namespace Jackpot.Shard.Disclosure;

/// <summary>The rules as one self-contained page: no script, nothing loaded from elsewhere, every word escaped.</summary>
internal static class RulesPage
{
    const string Style = "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}.notice{border:1px solid;padding:.5rem 1rem}";

    public static string Write(RulesView rules)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(rules.Name)}: rules</title><style>{Style}</style></head>
            <body><main>
            <h1>{Text(rules.Name)}</h1>

            """);
        html.Append(Notice(rules.Status));
        Sections(html, rules.Sections, 2);
        if (rules.Waiting is { } waiting)
        {
            html.Append("<h2>What changes next</h2>\n<p>This has been approved. It takes effect with the next cycle, after the current jackpot has been won.</p>\n");
            Sections(html, waiting, 3);
        }

        html.Append(CultureInfo.InvariantCulture, $"""
            <footer><p>Terms version {rules.TermsVersion}, in force since {Instant(rules.InForceSince)}. As of {Instant(rules.AsOf)}.</p></footer>
            </main></body>
            </html>

            """);
        return html.ToString();
    }

    static string Notice(string status) => status switch
    {
        "active" => "",
        "paused" => "<p class=\"notice\" role=\"status\">This jackpot is paused: it takes nothing and pays nothing until it is resumed.</p>\n",
        _ => "<p class=\"notice\" role=\"status\">This jackpot has ended.</p>\n",
    };

    static void Sections(StringBuilder html, IReadOnlyList<RulesSectionView> sections, int level)
    {
        foreach (var section in sections)
        {
            html.Append(CultureInfo.InvariantCulture, $"<h{level} id=\"{(level == 2 ? "" : "next-")}{Text(section.Topic)}\">{Text(section.Heading)}</h{level}>\n<ul>\n");
            foreach (var sentence in section.Sentences)
            {
                html.Append(CultureInfo.InvariantCulture, $"<li>{Text(sentence)}</li>\n");
            }

            html.Append("</ul>\n");
        }
    }

    static string Text(string text) => HtmlEncoder.Default.Encode(text);

    static string Instant(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        return string.Create(CultureInfo.InvariantCulture, $"<time datetime=\"{utc:yyyy-MM-ddTHH:mm:ss}Z\">{utc:yyyy-MM-dd HH:mm:ss} UTC</time>");
    }
}
