using Jackpot.Core.Amounts;
using Jackpot.Wallets.Conformance;
using Jackpot.Wallets.Mapping;
using Jackpot.Wallets.Operators;

namespace Jackpot.Cli.WalletChecks;

/// <summary>`jackpot wallet-check`: the conformance kit for operators' wallets.</summary>
static class WalletCheckCommand
{
    internal const string SecretVariable = "JACKPOT_WALLET_SECRET";

    static readonly string[] Names = ["--mapping", "--tenant", "--player", "--currency", "--closed-player", "--key-id", "--answer-ms", "--html", "--json"];

    internal static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || !Uri.TryCreate(args[0], UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new CommandException("wallet-check needs the wallet's address, as in ./jackpot wallet-check http://127.0.0.1:8095", ExitCodes.Usage);
        }

        var arguments = Arguments.Parse([.. args.Skip(1)], Names, []);
        var report = await ConformanceRun.RunAsync(PlanOf(url, arguments), TimeProvider.System);
        await Console.Out.WriteAsync(report.ToText());
        await WriteAsync(arguments.Text("--html"), report.ToHtml());
        await WriteAsync(arguments.Text("--json"), report.ToJson() + "\n");
        return report.Conforms ? ExitCodes.Done : ExitCodes.Failed;
    }

    static ConformancePlan PlanOf(Uri url, Arguments arguments)
    {
        var currencyCode = arguments.Text("--currency") ?? "EUR";
        if (!Currency.TryParse(currencyCode, out var currency))
        {
            throw new CommandException($"--currency is '{currencyCode}'; it must be an ISO 4217 code.", ExitCodes.Usage);
        }

        var (keyId, secret) = (arguments.Text("--key-id"), Environment.GetEnvironmentVariable(SecretVariable));
        if (keyId is not null && string.IsNullOrEmpty(secret))
        {
            throw new CommandException($"--key-id needs the secret of the key in {SecretVariable}.", ExitCodes.Usage);
        }

        var mapping = MappingOf(arguments.Text("--mapping"));
        var settings = new OperatorSettings(arguments.Text("--tenant") ?? "brand-42", url, mapping)
        {
            KeyId = keyId, SecretName = string.IsNullOrEmpty(secret) ? null : SecretVariable, AnswersAreSigned = false,
        };
        return new ConformancePlan(
            settings, secret, arguments.Text("--player") ?? "wallet-check", currency, arguments.Text("--closed-player"),
            TimeSpan.FromMilliseconds(arguments.Number("--answer-ms", 1, 60_000) ?? 1_000));
    }

    static WalletMapping MappingOf(string? path) => path is null
        ? WalletMapping.Standard
        : WalletMapping.Read(path, out var faults) ?? throw new CommandException(string.Join(Environment.NewLine, faults), ExitCodes.Usage);

    static async Task WriteAsync(string? path, string text)
    {
        try
        {
            if (path is not null)
            {
                await File.WriteAllTextAsync(path, text);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be written: {e.Message}");
        }
    }
}
