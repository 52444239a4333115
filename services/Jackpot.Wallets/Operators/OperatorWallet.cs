using System.Globalization;
using System.Text.Json;
using Jackpot.Core.Amounts;
using Jackpot.Wallets.Exchanges;
using Jackpot.Wallets.Mapping;
using Jackpot.Wallets.Signing;
using Jackpot.Wallets.Transactions;

namespace Jackpot.Wallets.Operators;

/// <summary>Reads a secret by its name; asked at most once per operator, and again only after it failed.</summary>
public delegate ValueTask<string> ReadSecret(string name, CancellationToken ct);

/// <summary>An operator's wallet over HTTP, as its mapping describes it.</summary>
public sealed class OperatorWallet : IOperatorWallet, IDisposable
{
    readonly OperatorSettings _settings;
    readonly TimeProvider _clock;
    readonly ReadSecret? _readSecret;
    readonly WalletConnection _connection;
    string? _secret;

    /// <param name="handler">In place of the operator's own connections; not disposed of.</param>
    public OperatorWallet(OperatorSettings settings, ReadSecret? readSecret, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        (_settings, _readSecret, _clock) = (settings, readSecret, clock);
        _connection = new WalletConnection(settings.BaseUrl, settings.Limits, KeyAsync, settings.AnswersAreSigned, clock, handler);
    }

    public bool CreditsAreIdempotent => _settings.CreditsAreIdempotent;

    public bool CreditsBatches => Mapping.Operations.ContainsKey(WalletOperation.CreditBatch);

    public bool CanBeAsked => Mapping.Operations.ContainsKey(WalletOperation.Status);

    public IdRule Ids => Mapping.Ids;

    WalletMapping Mapping => _settings.Mapping;

    public async Task<WalletAnswer> ApplyAsync(WalletTransaction transaction, CancellationToken ct)
    {
        var operation = transaction.Type == TransactionType.Credit ? WalletOperation.Credit : WalletOperation.Debit;
        if (Against(transaction) is { } against)
        {
            return against;
        }

        var answer = await AskAsync(operation, transaction, ct);

        // Where the answer to the call itself does not name everything, only the query does.
        return answer is WalletAnswer.Done && !Mapping.Operations[operation].Answer.Echo.IsComplete
            ? await StatusAsync(transaction, ct) switch
            {
                WalletAnswer.Unknown => new WalletAnswer.InDoubt("the wallet said done, and then that it does not know it") { IsStrange = true },
                WalletAnswer.InDoubt doubt => doubt with { MayHaveArrived = true },
                var known => known,
            }
            : answer;
    }

    public Task<WalletAnswer> CancelAsync(WalletTransaction transaction, CancellationToken ct) => AskAsync(WalletOperation.Cancel, transaction, ct);

    public Task<WalletAnswer> StatusAsync(WalletTransaction transaction, CancellationToken ct) => AskAsync(WalletOperation.Status, transaction, ct);

    public Task<IReadOnlyList<WalletAnswer>> CreditBatchAsync(string batchId, IReadOnlyList<WalletTransaction> credits, CancellationToken ct) =>
        Mapping.Operations.ContainsKey(WalletOperation.CreditBatch)
            ? InBatchesAsync(WalletOperation.CreditBatch, batchId, credits, ct)
            : EachAsync(credits, credit => ApplyAsync(credit, ct));

    public Task<IReadOnlyList<WalletAnswer>> CancelBatchAsync(string batchId, IReadOnlyList<WalletTransaction> transactions, CancellationToken ct) =>
        Mapping.Operations.ContainsKey(WalletOperation.CancelBatch)
            ? InBatchesAsync(WalletOperation.CancelBatch, batchId, transactions, ct)
            : EachAsync(transactions, transaction => CancelAsync(transaction, ct));

    public Task<WalletReading<Money>> BalanceAsync(string tenantId, string playerId, Currency currency, CancellationToken ct) =>
        ReadAsync(
            WalletOperation.Balance, name => name switch { "tenant_id" => new(tenantId), "player_id" => new(playerId), "currency" => new(currency.Code), _ => null },
            answer => Mapping.Amounts.TryRead(answer("balance"), currency, out var micros) ? new WalletReading<Money>.Read(new Money(micros, currency)) : null, ct);

    public Task<WalletReading<WalletPlayer>> AuthenticateAsync(string tenantId, string token, CancellationToken ct) =>
        ReadAsync(WalletOperation.Authenticate, name => name switch { "tenant_id" => new(tenantId), "token" => new(token), _ => null }, PlayerOf, ct);

    static WalletReading<WalletPlayer>.Read? PlayerOf(Func<string, JsonElement> answer)
    {
        if (!answer("player_id").TryText(out var player) || !answer("currency").TryText(out var code) || !Currency.TryParse(code, out var currency))
        {
            return null;
        }

        var segments = answer("segments");
        return new(new WalletPlayer(
            player, currency, answer("jurisdiction").TryText(out var jurisdiction) ? jurisdiction : null,
            segments.ValueKind == JsonValueKind.Array ? [.. segments.EnumerateArray().Select(segment => segment.Shown() ?? "")] : []));
    }

    /// <summary>What is not sent: the operator could not book it, or is not to be asked now.</summary>
    WalletAnswer? Against(WalletTransaction transaction)
    {
        var amount = transaction.Amount;
        if (_settings.Currencies?.Contains(amount.Currency) == false)
        {
            return new WalletAnswer.Refused("currency_not_taken");
        }

        if (amount.Micros <= 0 || !Mapping.Amounts.CanSay(amount))
        {
            return new WalletAnswer.Refused("amount_not_whole_minor_units");
        }

        if (transaction.Type == TransactionType.Credit && _settings.CreditMicrosMax.TryGetValue(amount.Currency, out var max) && amount.Micros > max)
        {
            return new WalletAnswer.Refused("amount_above_limit_of_operator");
        }

        return _settings.Hours?.Allow(_clock.GetUtcNow()) == false
            ? new WalletAnswer.InDoubt($"not sent: outside the hours that the operator allows ({_settings.Hours.From:HH:mm} to {_settings.Hours.Until:HH:mm})") { MayHaveArrived = false }
            : null;
    }

    async Task<WalletAnswer> AskAsync(WalletOperation operation, WalletTransaction transaction, CancellationToken ct)
    {
        if (!Mapping.Operations.TryGetValue(operation, out var mapping))
        {
            return new WalletAnswer.InDoubt($"not sent: the wallet '{Mapping.Name}' has no '{operation}'") { MayHaveArrived = false };
        }

        if (await NewRequestAsync(mapping, name => ValueOf(transaction, name), [], ct) is not { } request)
        {
            return NoSecret;
        }

        return await _connection.SendAsync(request, ct) switch
        {
            Exchange.Answered(var status, var body) => mapping.Answer.Judge(operation, status, Json(body), transaction, Mapping.Amounts, name => ValueOf(transaction, name)),
            Exchange.Lost lost => Doubt(lost),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    WalletAnswer.InDoubt NoSecret => new($"not sent: the secret '{_settings.SecretName}' cannot be read") { MayHaveArrived = false };

    static WalletAnswer.InDoubt Doubt(Exchange.Lost lost) => new(lost.Why) { MayHaveArrived = lost.MayHaveArrived, IsStrange = lost.IsStrange };

    static JsonElement Json(byte[] body) => JsonAnswer.TryParse(body, out var json) ? json : default;

    static async Task<IReadOnlyList<WalletAnswer>> EachAsync(IReadOnlyList<WalletTransaction> transactions, Func<WalletTransaction, Task<WalletAnswer>> ask) =>
        await Task.WhenAll(transactions.Select(ask));

    async Task<IReadOnlyList<WalletAnswer>> InBatchesAsync(WalletOperation operation, string batchId, IReadOnlyList<WalletTransaction> all, CancellationToken ct)
    {
        var answers = all.Select(one => operation == WalletOperation.CreditBatch ? Against(one) : null).ToArray();
        var left = Enumerable.Range(0, all.Count).Where(i => answers[i] is null).ToArray();
        var size = Mapping.Operations[operation].ItemsMax;
        for (var (from, part) = (0, 0); from < left.Length; from += size, part++)
        {
            // Each part is a batch of its own; its name follows from the batch's, so that a repetition has the same.
            var places = left.Skip(from).Take(size).ToArray();
            var name = left.Length <= size ? batchId : string.Create(CultureInfo.InvariantCulture, $"{batchId}-{part}");
            var judged = await BatchAsync(operation, TransactionIds.Fit(name, Ids), [.. places.Select(i => all[i])], ct);
            for (var i = 0; i < places.Length; i++)
            {
                answers[places[i]] = judged[i];
            }
        }

        return answers!;
    }

    /// <summary>One call. Only what it says of each transaction counts: a batch that was refused as a whole leaves each of them in doubt.</summary>
    async Task<WalletAnswer[]> BatchAsync(WalletOperation operation, string batchId, WalletTransaction[] transactions, CancellationToken ct)
    {
        var mapping = Mapping.Operations[operation];
        TemplateValue? BatchValue(WalletTransaction? one, string name) => name == Placeholders.BatchId ? new(batchId) : one is null ? Value(name, transactions[0].TenantId) : ValueOf(one, name);
        if (await NewRequestAsync(mapping, name => BatchValue(null, name), [.. transactions.Select(one => (TemplateValues)(name => BatchValue(one, name)))], ct) is not { } request)
        {
            return [.. transactions.Select(_ => NoSecret)];
        }

        var exchange = await _connection.SendAsync(request, ct);
        if (exchange is Exchange.Lost lost)
        {
            return [.. transactions.Select(_ => Doubt(lost))];
        }

        var (status, body) = (Exchange.Answered)exchange;
        var items = Json(body).At(mapping.Answer.Items!);
        if (status is < 200 or > 299 || items.ValueKind != JsonValueKind.Array)
        {
            return [.. transactions.Select(_ => new WalletAnswer.InDoubt($"the wallet answered the batch with {status}") { IsStrange = status is >= 200 and <= 299 })];
        }

        return [.. transactions.Select(one => JudgeItem(operation, mapping, status, items, one))];
    }

    WalletAnswer JudgeItem(WalletOperation operation, OperationMapping mapping, int status, JsonElement items, WalletTransaction one)
    {
        TemplateValue? Values(string name) => ValueOf(one, name);
        var about = items.EnumerateArray().Where(item => mapping.Answer.Echo.Others(item, one, Mapping.Amounts, Values, allMustBeThere: true).Count == 0).ToArray();
        var answers = about.Select(item => mapping.Answer.Judge(operation, status, item, one, Mapping.Amounts, Values)).Distinct().ToArray();
        return answers.Length == 1 ? answers[0] : new WalletAnswer.InDoubt($"the answer to the batch has {about.Length} items about this transaction") { IsStrange = true };
    }

    async Task<WalletReading<T>> ReadAsync<T>(WalletOperation operation, TemplateValues values, Func<Func<string, JsonElement>, WalletReading<T>.Read?> read, CancellationToken ct)
    {
        if (!Mapping.Operations.TryGetValue(operation, out var mapping))
        {
            return new WalletReading<T>.NotRead($"the wallet '{Mapping.Name}' has no '{operation}'");
        }

        if (await NewRequestAsync(mapping, name => values(name) ?? Value(name, ""), [], ct) is not { } request)
        {
            return new WalletReading<T>.NotRead(NoSecret.Why);
        }

        switch (await _connection.SendAsync(request, ct))
        {
            case Exchange.Answered(var status, var body):
                var json = Json(body);
                if (mapping.Answer.IsSuccess(status, json))
                {
                    return read(name => mapping.Answer.Values.TryGetValue(name, out var at) ? json.At(at) : default) as WalletReading<T>
                        ?? new WalletReading<T>.NotRead("the wallet's answer cannot be read");
                }

                return status is 408 or 425 or 429 or < 200 or (>= 300 and < 400) or >= 500
                    ? new WalletReading<T>.NotRead($"the wallet answered {status}")
                    : new WalletReading<T>.Refused(mapping.Answer.ReasonOf(null, mapping.Answer.Code is null ? null : json.At(mapping.Answer.Code).Shown(), status, json));
            case Exchange.Lost lost:
                return new WalletReading<T>.NotRead(lost.Why);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Null when a secret that it needs cannot be read.</summary>
    async ValueTask<WalletRequest?> NewRequestAsync(OperationMapping mapping, TemplateValues values, IReadOnlyList<TemplateValues> items, CancellationToken ct)
    {
        if (_settings.SecretName is not null && !await HasSecretAsync(ct))
        {
            return null;
        }

        var headers = Mapping.Headers.Concat(mapping.Headers).Select(header => (header.Name, InHeader(header.Value.Fill(values, text => text)))).ToArray();
        return new WalletRequest(
            mapping.Method, mapping.Path.Fill(values, InPath), headers, mapping.Body?.Fill(values, items), mapping.Timeout ?? _settings.Timeout);
    }

    async ValueTask<bool> HasSecretAsync(CancellationToken ct)
    {
        try
        {
            _secret ??= _readSecret is null ? null : await _readSecret(_settings.SecretName!, ct);
        }
#pragma warning disable CA1031 // Whatever keeps the secret from being read keeps the call from being sent, which is told; nothing is lost.
        catch (Exception) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
        }

        return _secret is not null;
    }

    ValueTask<SigningKey?> KeyAsync(CancellationToken ct) => ValueTask.FromResult(_settings.KeyId is { } id && _secret is { } secret ? new SigningKey(id, secret) : null);

    TemplateValue? ValueOf(WalletTransaction transaction, string name) => name switch
    {
        Placeholders.TransactionId => new(transaction.TransactionId),
        Placeholders.PlayerId => new(transaction.PlayerId),
        Placeholders.Amount => new(Mapping.Amounts.Write(transaction.Amount), !Mapping.Amounts.IsText()),
        Placeholders.Currency => new(transaction.Amount.Currency.Code),
        Placeholders.Type => new(transaction.Type == TransactionType.Credit ? Mapping.CreditWord : Mapping.DebitWord),
        "game_id" => Of(transaction.GameId),
        "round_id" => Of(transaction.RoundId),
        "contribution_id" => Of(transaction.ContributionId),
        "win_type" => Of(transaction.WinType),
        "jackpot_id" => Of(transaction.JackpotId),
        "jackpot_name" => Of(transaction.JackpotName),
        "tier" => Of(transaction.Tier),
        "award_id" => Of(transaction.AwardId),
        _ => Value(name, transaction.TenantId),
    };

    TemplateValue? Value(string name, string tenantId) => name switch
    {
        Placeholders.TenantId => new(tenantId),
        Placeholders.Now => new(_clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
        Placeholders.Secret => Of(_secret),
        _ => null,
    };

    static TemplateValue? Of(string? text) => text is null ? null : new TemplateValue(text);

    // A segment of dots alone would lead somewhere else.
    static string InPath(string text) => text.Length > 0 && text.All(symbol => symbol == '.') ? text.Replace(".", "%2E", StringComparison.Ordinal) : Uri.EscapeDataString(text);

    static string InHeader(string text) => text.All(symbol => symbol is >= ' ' and <= '~') ? text : Uri.EscapeDataString(text);

    public void Dispose() => _connection.Dispose();
}
