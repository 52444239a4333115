using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Programs;
using Jackpot.TestKit;
using Jackpot.Wallet.Tests;

[assembly: AssemblyFixture(typeof(WalletFixture))]

namespace Jackpot.Wallet.Tests;

/// <summary>A real wallet process on a private PostgreSQL, without which they are skipped; tests use players and ids of their own.</summary>
public sealed class WalletFixture : IAsyncLifetime
{
    readonly PostgresFixture _postgres = new();
    readonly int _port = FreePort.Next();
    ChildProcess? _process;
    HttpClient? _http;
    string _database = "";
    int _ids;

    public HttpClient Http
    {
        get
        {
            Needs.Program(NeededProgram.PostgreSql);
            return _http!;
        }
    }

    public string NextId(string prefix) => $"{prefix}-{Interlocked.Increment(ref _ids)}";

    public async ValueTask InitializeAsync()
    {
        if (Needs.Has(NeededProgram.PostgreSql))
        {
            _database = await _postgres.CreateDatabaseAsync();
            await StartAsync(_database);
        }
    }

    /// <summary>kill -9 and a new process on the same port and database.</summary>
    public async Task CrashAndRestartAsync()
    {
        await _process!.KillAsync();
        await StartAsync(_database);
    }

    public async Task<(int Status, JsonNode Body)> PostAsync(object transaction)
    {
        using var answer = await Http.PostAsJsonAsync("/wallet/transaction", transaction, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!);
    }

    public async Task<JsonNode> GetAsync(string path) =>
        (await Http.GetFromJsonAsync<JsonNode>(path, TestContext.Current.CancellationToken))!;

    public async Task<decimal> BalanceAsync(string player, string currency = "EUR") =>
        (decimal)(await GetAsync($"/wallet/balance?tenant_id=brand-42&player_id={player}&currency={currency}"))["balance"]!;

    /// <summary>Every line of the wallet's own list that carries this transaction id.</summary>
    public async Task<List<JsonNode>> ListedAsync(string transactionId)
    {
        var found = new List<JsonNode>();
        long after = 0;
        while (true)
        {
            var page = await GetAsync($"/wallet/transactions?after={after}&limit=50");
            var items = page["transactions"]!.AsArray();
            if (items.Count == 0)
            {
                return found;
            }
            found.AddRange(items.Where(item => (string?)item!["transaction_id"] == transactionId)!);
            after = (long)page["next_after"]!;
        }
    }

    public static object Credit(string id, string player, decimal amount, string currency = "EUR") => new
    {
        transaction_id = id, transaction_type = "Credit", player_id = player, tenant_id = "brand-42", amount, currency, reference = "award-1",
    };

    public static object Debit(string id, string player, decimal amount) => new
    {
        transaction_id = id, transaction_type = "Debit", player_id = player, tenant_id = "brand-42", amount, currency = "EUR", reference = "bet-1",
    };

    async Task StartAsync(string connectionString)
    {
        _process = ChildProcess.StartDotnet(RepositoryFolder.BuiltDll("services/Jackpot.Wallet"), environment: new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{_port}",
            ["ConnectionStrings__Wallet"] = connectionString,
            ["Wallet__FaultEndpoint"] = "true",
        });
        _http ??= new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(30) };
        await _process.AnswersAsync($"http://127.0.0.1:{_port}/readyz");
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
