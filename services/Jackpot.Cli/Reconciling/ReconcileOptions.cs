using System.Globalization;
using Jackpot.Cli.Cluster;
using Jackpot.Core.Amounts;
using Jackpot.Wallets.Mapping;
using Jackpot.Wallets.Reconciliation;

namespace Jackpot.Cli.Reconciling;

/// <summary>What `jackpot reconcile` was asked for.</summary>
/// <param name="From">When the operator's day begins.</param>
/// <param name="Until">When it is over.</param>
sealed record ReconcileOptions(string File, string Tenant, DateOnly Day, string Zone, DateTimeOffset From, DateTimeOffset Until, CreditListFormat Format, string StaffId, Arguments Arguments)
{
    static readonly string[] Names =
    [
        "--tenant", "--day", "--zone", "--columns", "--currency", "--amounts", "--separator", "--decimal", "--only", "--person", "--run-dir", ShardUrls.Option,
    ];

    internal static ReconcileOptions Parse(string[] args)
    {
        var file = args is [{ } first, ..] && !first.StartsWith('-') ? first : args is [.., { } last] && !last.StartsWith('-') ? last : null;
        if (file is null)
        {
            throw new CommandException("say which list: jackpot reconcile --tenant brand-42 --day 2026-11-30 credits.csv", ExitCodes.Usage);
        }

        var arguments = Arguments.Parse(args[0] == file ? args[1..] : args[..^1], Names, ["--json"]);
        var zoneName = arguments.Text("--zone") ?? "UTC";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out var zone))
        {
            throw new CommandException($"--zone is '{zoneName}'; it must be a time zone such as Europe/Malta.", ExitCodes.Usage);
        }

        var dayText = Needed(arguments, "--day");
        if (!DateOnly.TryParseExact(dayText, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            throw new CommandException($"--day is '{dayText}'; it must be a day such as 2026-11-30.", ExitCodes.Usage);
        }

        return new ReconcileOptions(
            file, Needed(arguments, "--tenant"), day, zoneName, Midnight(day, zone), Midnight(day.AddDays(1), zone), FormatOf(arguments), Needed(arguments, "--person"), arguments);
    }

    /// <summary>Where a zone skips midnight, its day begins with what comes next.</summary>
    static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(1);
        }

        return new DateTimeOffset(midnight, zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight));
    }

    static CreditListFormat FormatOf(Arguments arguments)
    {
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in arguments.Text("--columns")?.Split(',') ?? [])
        {
            var (name, value) = Pair(pair, "--columns", "transaction_id=Reference,amount=Sum");
            if (!CreditListFormat.Known.Contains(name))
            {
                throw new CommandException($"--columns names '{name}'; known are {string.Join(", ", CreditListFormat.Known)}.", ExitCodes.Usage);
            }

            columns[name] = value;
        }

        var currency = arguments.Text("--currency");
        if (!Currency.TryParse(currency ?? "EUR", out var allIn))
        {
            throw new CommandException($"--currency is '{currency}'; it must be an ISO 4217 code.", ExitCodes.Usage);
        }

        var amounts = arguments.Text("--amounts") ?? "number";
        return new CreditListFormat(columns)
        {
            AllIn = currency is null ? null : allIn,
            Amounts = amounts switch
            {
                "number" => AmountForm.Number,
                "minor" => AmountForm.Minor,
                "micro" => AmountForm.Micro,
                _ => throw new CommandException($"--amounts is '{amounts}'; it must be number, minor or micro.", ExitCodes.Usage),
            },
            Separator = Symbol(arguments, "--separator", ','),
            DecimalPoint = Symbol(arguments, "--decimal", '.'),
            Only = arguments.Text("--only") is { } only ? Pair(only, "--only", "Kind=Win") : null,
        };
    }

    static char Symbol(Arguments arguments, string name, char otherwise) => arguments.Text(name) switch
    {
        null => otherwise,
        "tab" => '\t',
        [var symbol] => symbol,
        var text => throw new CommandException($"{name} is '{text}'; it must be one character, or tab.", ExitCodes.Usage),
    };

    static (string Name, string Value) Pair(string text, string option, string example) =>
        text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } value] ? (name, value)
        : throw new CommandException($"{option} is '{text}'; it must be like {example}.", ExitCodes.Usage);

    static string Needed(Arguments arguments, string name) => arguments.Text(name) ?? throw new CommandException($"{name} is missing. ./jackpot reconcile --help tells more.", ExitCodes.Usage);
}
