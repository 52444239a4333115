using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Jackpot.Core.Amounts;
using Jackpot.Wallets.Exchanges;
using Jackpot.Wallets.Mapping;

namespace Jackpot.Wallets.Operators;

/// <summary>
/// <c>regions/&lt;region&gt;/wallets/&lt;tenant&gt;.yaml</c>: one operator's wallet. A file that is named in it lies beside it or is named from its folder on.
/// </summary>
public static class OperatorFile
{
    public const string Extension = ".yaml";

    const string TimeFormat = "HH:mm";

    /// <summary>What a conformance run writes, and what <c>conformance</c> names.</summary>
    public const string IdempotentCredits = "credits_are_idempotent";

    /// <summary>Null when it has faults, which are added to <paramref name="faults"/>, each with its line.</summary>
    public static OperatorSettings? Read(string path, ICollection<string> faults)
    {
        var (file, fields) = DataFile.Read(path);
        if (file.Faults.Count == 0)
        {
            var settings = Read(path, fields, faults);
            if (file.Faults.Count == 0 && settings is not null)
            {
                return settings;
            }
        }

        foreach (var fault in file.Faults)
        {
            faults.Add(fault);
        }

        return null;
    }

    static OperatorSettings? Read(string path, DataFields fields, ICollection<string> faults)
    {
        var tenant = fields.Required("tenant") ?? "";
        if (tenant != Path.GetFileNameWithoutExtension(path))
        {
            fields.Fault("tenant", $"'tenant' is '{tenant}', but the file is called {Path.GetFileName(path)}");
        }

        if (fields.Required("base_url") is not { } url || !Uri.TryCreate(url, UriKind.Absolute, out var baseUrl) || baseUrl.Scheme is not ("http" or "https") || baseUrl.Query.Length > 0)
        {
            fields.Fault("base_url", "'base_url' must be an http or https address without a query");
            baseUrl = null;
        }

        var mapping = ReadMapping(path, fields, faults);
        var limits = fields.Fields("limits");
        var usual = ConnectionLimits.Usual;
        var settings = new OperatorSettings(tenant, baseUrl ?? new Uri("http://0.0.0.0"), mapping ?? WalletMapping.Standard)
        {
            Timeout = TimeSpan.FromMilliseconds(fields.Number("timeout_ms", 5_000, 50, 60_000)),
            Limits = new ConnectionLimits(
                limits?.Number("at_once_max", usual.AtOnceMax, 1, 1_000) ?? usual.AtOnceMax, limits?.Number("waiting_max", usual.WaitingMax, 0, 10_000) ?? usual.WaitingMax,
                limits?.Number("failures_percent", usual.FailuresPercent, 1, 100) ?? usual.FailuresPercent,
                TimeSpan.FromMilliseconds(limits?.Number("window_ms", (int)usual.Window.TotalMilliseconds, 500, 600_000) ?? usual.Window.TotalMilliseconds),
                limits?.Number("least_calls", usual.LeastCalls, 2, 10_000) ?? usual.LeastCalls,
                TimeSpan.FromMilliseconds(limits?.Number("pause_ms", (int)usual.Pause.TotalMilliseconds, 500, 600_000) ?? usual.Pause.TotalMilliseconds)),
            Currencies = ReadCurrencies(fields),
            CreditMicrosMax = ReadCreditMax(fields),
            Hours = ReadHours(fields),
            KeyId = fields.Text("key_id"),
            SecretName = fields.Text("secret"),
            AnswersAreSigned = fields.Flag("answers_are_signed"),
            CreditsAreIdempotent = ReadConformance(path, fields, mapping?.Name),
        };
        if (settings.KeyId is not null && settings.SecretName is null)
        {
            fields.Fault("key_id", "'key_id' names a key whose 'secret' is missing");
        }

        if (settings.KeyId is not null && mapping is { IsSigned: false })
        {
            fields.Fault("key_id", $"'key_id' is set, but requests to '{mapping.Name}' are not signed");
        }

        if (settings is { AnswersAreSigned: true, KeyId: null })
        {
            fields.Fault("answers_are_signed", "answers can only be checked with a 'key_id'");
        }

        limits?.Done();
        fields.Done();
        return mapping is null || baseUrl is null ? null : settings;
    }

    static WalletMapping? ReadMapping(string path, DataFields fields, ICollection<string> faults)
    {
        if (fields.Required("mapping") is not { } name || name == WalletMapping.Standard.Name)
        {
            return WalletMapping.Standard;
        }

        var mapping = WalletMapping.Read(Path.GetFullPath(name, Path.GetDirectoryName(Path.GetFullPath(path))!), out var found);
        foreach (var fault in found)
        {
            faults.Add(fault);
        }

        return mapping;
    }

    static FrozenSet<Currency>? ReadCurrencies(DataFields fields)
    {
        if (!fields.Has("currencies"))
        {
            return null;
        }

        var read = new List<Currency>();
        foreach (var code in fields.Texts("currencies"))
        {
            if (Currency.TryParse(code, out var currency))
            {
                read.Add(currency);
            }
            else
            {
                fields.Fault("currencies", $"'{code}' is no currency");
            }
        }

        return read.ToFrozenSet();
    }

    static FrozenDictionary<Currency, long> ReadCreditMax(DataFields fields)
    {
        var read = new Dictionary<Currency, long>();
        var limits = fields.Fields("credit_max");
        foreach (var code in limits?.Names ?? [])
        {
            var text = limits!.Text(code) ?? "";
            if (!Currency.TryParse(code, out var currency))
            {
                limits.Fault(code, $"'{code}' is no currency");
            }
            else if (AmountText.TryParse(Encoding.UTF8.GetBytes(text), out var micros) is not AmountParse.Ok)
            {
                limits.Fault(code, $"'{text}' is no amount");
            }
            else
            {
                read[currency] = micros;
            }
        }

        return read.ToFrozenDictionary();
    }

    static AllowedHours? ReadHours(DataFields fields)
    {
        if (fields.Fields("allowed_hours") is not { } hours)
        {
            return null;
        }

        var (from, until, zone) = (Time(hours, "from"), Time(hours, "until"), hours.Required("zone") ?? "UTC");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
        {
            hours.Fault("zone", $"'{zone}' is no time zone");
        }

        hours.Done();
        return new AllowedHours(from, until, found ?? TimeZoneInfo.Utc);
    }

    static TimeOnly Time(DataFields hours, string field)
    {
        if (hours.Required(field) is not { } text || TimeOnly.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return hours.Has(field) ? TimeOnly.ParseExact(hours.Text(field)!, TimeFormat, CultureInfo.InvariantCulture) : default;
        }

        hours.Fault(field, $"'{field}' is '{text}'; it must be a time of day, as in \"06:30\"");
        return default;
    }

    /// <summary>The report counts only for the mapping that it was made with.</summary>
    static bool ReadConformance(string path, DataFields fields, string? mapping)
    {
        if (fields.Text("conformance") is not { } name)
        {
            return false;
        }

        try
        {
            using var report = JsonDocument.Parse(File.ReadAllBytes(Path.GetFullPath(name, Path.GetDirectoryName(Path.GetFullPath(path))!)));
            if (report.RootElement.GetProperty("mapping").GetString() == mapping)
            {
                return report.RootElement.GetProperty(IdempotentCredits).GetBoolean();
            }

            fields.Fault("conformance", $"'{name}' was made with another mapping than '{mapping}'; run ./jackpot wallet-check with this one");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            fields.Fault("conformance", $"'{name}' cannot be read as a report of ./jackpot wallet-check: {e.Message}");
        }

        return false;
    }
}
