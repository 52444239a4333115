using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Jackpot.Wallets.Transactions;

namespace Jackpot.Wallets.Mapping;

/// <summary>What the answers to one operation mean.</summary>
sealed record AnswerMapping(
    IReadOnlyList<string>? Code,
    ImmutableArray<int> SuccessStatus,
    IReadOnlyList<string>? SuccessField,
    ImmutableArray<string> SuccessValues,
    ImmutableArray<ErrorRule> Errors,
    IReadOnlyList<string>? Reason,
    Echo Echo,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Values,
    IReadOnlyList<string>? Items)
{
    /// <summary>What can be read of an answer beside the echo.</summary>
    static readonly string[] Readable = ["balance", "player_id", "currency", "jurisdiction", "segments"];

    public static AnswerMapping Read(DataFields? fields, WalletOperation operation, IEnumerable<ErrorRule> common)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (fields is null)
        {
            return new AnswerMapping(null, [], null, [], [.. common], null, new Echo(), values, null);
        }

        var (success, read) = (fields.Fields("success"), fields.Fields("values"));
        foreach (var name in Readable.Where(name => read?.Has(name) == true))
        {
            values[name] = Pointer.Read(read!, name) ?? [];
        }

        var mapping = new AnswerMapping(
            Pointer.Read(fields, "code"), Statuses(success), success is null ? null : Pointer.Read(success, "field"), [.. success?.Texts("values") ?? []],
            [.. fields.List("errors").Select(rule => ErrorRule.Read(rule, operation == WalletOperation.Status)), .. common],
            Pointer.Read(fields, "reason"), Echo.Read(fields.Fields("echo"), Placeholders.Known[operation]), values, Pointer.Read(fields, "items"));
        if (mapping.SuccessField is null != mapping.SuccessValues.IsEmpty)
        {
            success!.Fault(null, "a test of a field names the 'field' and its 'values'");
        }

        if (mapping.Code is null && mapping.Errors.Any(rule => rule.Code is not null))
        {
            fields.Fault(null, "rules name codes, but 'code' does not say where an answer has one");
        }

        read?.Done();
        success?.Done();
        fields.Done();
        return mapping;
    }

    static ImmutableArray<int> Statuses(DataFields? success)
    {
        if (success is null)
        {
            return [];
        }

        foreach (var text in success.Texts("status").Where(text => !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is < 200 or > 299))
        {
            success.Fault("status", $"'{text}' is no status of a success; 200 to 299 are");
        }

        return [.. success.Texts("status").Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0)];
    }

    /// <summary>What an answer, or one item of an answer to a batch, says of a transaction.</summary>
    /// <param name="json">Undefined when the body is no JSON.</param>
    public WalletAnswer Judge(WalletOperation operation, int status, JsonElement json, WalletTransaction transaction, AmountForm form, TemplateValues values)
    {
        var code = Code is null ? null : json.At(Code).Shown();
        if (Errors.FirstOrDefault(rule => rule.Fits(status, code)) is { } rule)
        {
            return rule.Is switch
            {
                Meaning.Refused => Refused(rule, code, status, json, transaction, form, values),
                Meaning.AlreadyDone => Done(json, transaction, form, values),
                Meaning.Unknown => new WalletAnswer.Unknown(),
                Meaning.AnotherTransaction => Strange("it has another transaction under this id"),
                _ => new WalletAnswer.InDoubt($"the wallet answered {status}{(code is null ? "" : $", {code}")}"),
            };
        }

        if (IsSuccess(status, json))
        {
            return Done(json, transaction, form, values);
        }

        return status switch
        {
            404 when operation == WalletOperation.Status => new WalletAnswer.Unknown(),
            >= 200 and <= 299 => Strange(json.ValueKind == JsonValueKind.Undefined ? "it is not the JSON of an answer" : "what it says is neither done nor refused"),

            // Time-outs, too early, too many and the server's own faults say nothing about the effect; nor does a query that is refused.
            408 or 425 or 429 or < 400 or >= 500 => new WalletAnswer.InDoubt($"the wallet answered {status}"),
            _ when operation == WalletOperation.Status => new WalletAnswer.InDoubt($"the wallet would not say: it answered {status}"),
            _ => Refused(null, code, status, json, transaction, form, values),
        };
    }

    /// <summary>Whether an answer that moved no money is what was asked for.</summary>
    public bool IsSuccess(int status, JsonElement json) =>
        (SuccessStatus.IsDefaultOrEmpty ? status is >= 200 and <= 299 : SuccessStatus.Contains(status))
        && (SuccessField is null || SuccessValues.Contains(json.At(SuccessField).Shown() ?? ""));

    /// <summary>Why the wallet did not: our word for it, else the operator's, else their code.</summary>
    public string ReasonOf(ErrorRule? rule, string? code, int status, JsonElement json)
    {
        if ((rule?.Reason ?? (Reason is null ? null : json.At(Reason).Shown())) is { } reason)
        {
            return reason;
        }

        return rule is null
            ? code is null || code == $"{status}" ? $"http_{status}" : $"http_{status}: {code}"
            : Reason is null && code is not null ? code : "no_reason_given";
    }

    WalletAnswer Done(JsonElement json, WalletTransaction transaction, AmountForm form, TemplateValues values) =>
        Echo.Others(json, transaction, form, values, allMustBeThere: true) is { Count: > 0 } others ? About(others) : new WalletAnswer.Done();

    WalletAnswer Refused(ErrorRule? rule, string? code, int status, JsonElement json, WalletTransaction transaction, AmountForm form, TemplateValues values) =>
        Echo.Others(json, transaction, form, values, rule?.IsEchoed == true) is { Count: > 0 } others
            ? About(others)
            : new WalletAnswer.Refused(ReasonOf(rule, code, status, json));

    static WalletAnswer.InDoubt About(List<string> others) => Strange($"it names another {string.Join(", ", others)}, or none");

    static WalletAnswer.InDoubt Strange(string seen) => new($"the wallet's answer is not about this transaction: {seen}") { IsStrange = true };
}
