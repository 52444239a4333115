using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Jackpot.Wallets.Transactions;

namespace Jackpot.Wallets.Mapping;

/// <summary>
/// An operator's wallet API as data (docs/wallet.md): read from a YAML or JSON file, whole or not at all. Our own standard interface is one of them.
/// </summary>
public sealed class WalletMapping
{
    const string StandardName = "standard";

    WalletMapping(
        string name, AmountForm amounts, IdRule ids, bool isSigned, string credit, string debit, ImmutableArray<(string, Template)> headers,
        FrozenDictionary<WalletOperation, OperationMapping> operations) =>
        (Name, Amounts, Ids, IsSigned, CreditWord, DebitWord, Headers, Operations) = (name, amounts, ids, isSigned, credit, debit, headers, operations);

    public string Name { get; }

    public AmountForm Amounts { get; }

    /// <summary>Which transaction ids it takes.</summary>
    public IdRule Ids { get; }

    /// <summary>Whether requests and answers are signed (RFC 9421).</summary>
    public bool IsSigned { get; }

    internal string CreditWord { get; }

    internal string DebitWord { get; }

    internal ImmutableArray<(string Name, Template Value)> Headers { get; }

    internal FrozenDictionary<WalletOperation, OperationMapping> Operations { get; }

    /// <summary>The interface that we publish, <c>/openapi/v1.json</c> of the reference wallet.</summary>
    public static WalletMapping Standard { get; } = Parse(StandardName + ".yaml", ReadStandard("standard.yaml"), out var faults) ?? throw new InvalidOperationException(string.Join("; ", faults));

    /// <summary>The OpenAPI document of the interface that we publish.</summary>
    public static string StandardOpenApi { get; } = ReadStandard("openapi.json");

    static string ReadStandard(string name)
    {
        using var reader = new StreamReader(typeof(WalletMapping).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    /// <summary>Null when the file has faults, each with its line.</summary>
    public static WalletMapping? Read(string path, out IReadOnlyList<string> faults)
    {
        var (file, fields) = DataFile.Read(path);
        return Read(file, fields, out faults);
    }

    public static WalletMapping? Parse(string name, string text, out IReadOnlyList<string> faults)
    {
        var (file, fields) = DataFile.Parse(name, text);
        return Read(file, fields, out faults);
    }

    static WalletMapping? Read(DataFile file, DataFields fields, out IReadOnlyList<string> faults)
    {
        if (file.Faults.Count > 0)
        {
            faults = file.Faults;
            return null;
        }

        var (types, ids) = (fields.Fields("types"), fields.Fields("ids"));
        var characters = ids?.Word("characters", IdCharacters.Text) ?? IdCharacters.Text;
        var common = fields.List("errors").Select(rule => ErrorRule.Read(rule, isQuery: false)).ToImmutableArray();
        var mapping = new WalletMapping(
            fields.Required("wallet") ?? "", fields.Word("amounts", AmountForm.Number), new IdRule(ids?.Number("chars_max", 36, IdRule.CharsMin, 200) ?? 36, characters),
            fields.Text("signature") is "rfc9421", types?.Text("credit") ?? "credit", types?.Text("debit") ?? "debit",
            OperationMapping.ReadHeaders(fields, new HashSet<string> { Placeholders.TenantId, Placeholders.Secret, Placeholders.Now, Placeholders.TransactionId }), ReadOperations(fields, common));
        mapping.Check(fields);
        types?.Done();
        ids?.Done();
        fields.Done();
        faults = file.Faults;
        return faults.Count == 0 ? mapping : null;
    }

    static FrozenDictionary<WalletOperation, OperationMapping> ReadOperations(DataFields fields, ImmutableArray<ErrorRule> common)
    {
        var (read, operations) = (new Dictionary<WalletOperation, OperationMapping>(), fields.Fields("operations"));
        foreach (var operation in operations is null ? [] : Enum.GetValues<WalletOperation>())
        {
            if (operations!.Fields(JsonNamingPolicy.SnakeCaseLower.ConvertName(operation.ToString())) is { } one)
            {
                read[operation] = OperationMapping.Read(one, operation, common);
            }
        }

        operations?.Done();
        return read.ToFrozenDictionary();
    }

    void Check(DataFields fields)
    {
        if (!fields.Has("amounts"))
        {
            fields.Fault(null, "'amounts' is missing: number, text, minor or micro");
        }

        if (fields.Text("signature") is not (null or "none" or "rfc9421") and var signature)
        {
            fields.Fault("signature", $"'signature' is '{signature}'; it must be none or rfc9421");
        }

        if (!Operations.TryGetValue(WalletOperation.Credit, out var credit))
        {
            fields.Fault("operations", "the operation 'credit' is missing: nobody could be paid");
            return;
        }

        foreach (var (operation, mapping) in Operations.Where(one => one.Key is WalletOperation.Credit or WalletOperation.Debit or WalletOperation.CreditBatch))
        {
            if (!mapping.Answer.Echo.IsComplete && Operations.GetValueOrDefault(WalletOperation.Status)?.Answer.Echo.IsComplete != true)
            {
                fields.Fault("operations", $"neither an answer of '{operation}' nor one of 'status' names transaction, player, amount and currency, so that none could be believed");
            }
        }
    }
}
