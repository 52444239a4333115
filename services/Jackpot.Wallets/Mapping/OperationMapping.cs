using System.Collections.Immutable;

namespace Jackpot.Wallets.Mapping;

/// <summary>One call of an operator's API: how it is made and what its answers mean.</summary>
sealed record OperationMapping(
    HttpMethod Method, Template Path, ImmutableArray<(string Name, Template Value)> Headers, BodyTemplate? Body, TimeSpan? Timeout, int ItemsMax, AnswerMapping Answer)
{
    /// <summary>More would make a call that no time-out fits.</summary>
    public const int ItemsMaxOfAll = 1_000;

    static readonly Template Nowhere = Template.TryParse("/", new HashSet<string>(), out _)!;
    static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    public static OperationMapping Read(DataFields fields, WalletOperation operation, ImmutableArray<ErrorRule> common)
    {
        var known = Placeholders.Known[operation];
        var (method, pathText) = (fields.Required("method") ?? "POST", fields.Required("path") ?? "/");
        if (!Methods.Contains(method))
        {
            fields.Fault("method", $"'method' is '{method}'; it must be one of {string.Join(", ", Methods)}");
        }

        var path = Template.TryParse(pathText, known, out var fault);
        if (path is null || pathText[0] != '/')
        {
            fields.Fault("path", path is null ? fault : $"'path' is '{pathText}'; it must begin with '/'");
        }

        var mapping = new OperationMapping(
            new HttpMethod(method), path ?? Nowhere, ReadHeaders(fields, known), BodyTemplate.Read(fields, "body", known),
            fields.Has("timeout_ms") ? TimeSpan.FromMilliseconds(fields.Number("timeout_ms", 5_000, 50, 60_000)) : null,
            fields.Number("items_max", 100, 1, ItemsMaxOfAll), AnswerMapping.Read(fields.Fields("answer"), operation, common));
        mapping.Check(fields, operation);
        fields.Done();
        return mapping;
    }

    public static ImmutableArray<(string, Template)> ReadHeaders(DataFields fields, IReadOnlySet<string> known)
    {
        if (fields.Fields("headers") is not { } headers)
        {
            return [];
        }

        var read = ImmutableArray.CreateBuilder<(string, Template)>();
        foreach (var name in headers.Names)
        {
            if (headers.Text(name) is { } text && Template.TryParse(text, known, out var fault) is var template)
            {
                if (template is null)
                {
                    headers.Fault(name, fault);
                }
                else if (name.Length == 0 || !name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_'))
                {
                    headers.Fault(name, $"'{name}' is no name of a header");
                }
                else
                {
                    read.Add((name, template));
                }
            }
        }

        return read.ToImmutable();
    }

    void Check(DataFields fields, WalletOperation operation)
    {
        // A request without a body may be sent again by the HTTP library when a kept connection turns out to be closed.
        if (operation is WalletOperation.Credit or WalletOperation.Debit or WalletOperation.CreditBatch && (Body is null || Method == HttpMethod.Get))
        {
            fields.Fault("method", "a call that moves money has a 'body', and another 'method' than GET: else it could be sent twice");
        }

        if (operation is WalletOperation.CreditBatch or WalletOperation.CancelBatch && (Body?.HasEach != true || Answer.Items is null))
        {
            fields.Fault(null, "a batch has a body with 'each', and an answer that says where its 'items' are");
        }

        if (operation is not (WalletOperation.Authenticate or WalletOperation.Balance) && !Says(Placeholders.TransactionId) && !Says("round_id"))
        {
            fields.Fault(null, "neither path, headers nor body say {transaction_id}");
        }

        foreach (var value in (string[])(operation switch { WalletOperation.Balance => ["balance"], WalletOperation.Authenticate => ["player_id", "currency"], _ => [] }))
        {
            if (!Answer.Values.ContainsKey(value))
            {
                fields.Fault("answer", $"'values' does not say where the answer has the '{value}'");
            }
        }
    }

    bool Says(string name) => Path.Names(name) || Body?.Names(name) == true || Headers.Any(header => header.Value.Names(name));
}
