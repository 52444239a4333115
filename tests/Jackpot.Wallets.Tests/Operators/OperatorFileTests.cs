using Jackpot.Core.Amounts;
using Jackpot.TestKit;
using Jackpot.Wallets.Operators;

namespace Jackpot.Wallets.Tests.Operators;

public sealed class OperatorFileTests : IDisposable
{
    const string Good = """
        tenant: brand-42
        base_url: https://wallet.test/api
        mapping: ../errors-in-body.yaml
        secret: brand-42-wallet
        timeout_ms: 1500
        limits: { at_once_max: 8, waiting_max: 20 }
        currencies: [EUR, JPY]
        credit_max: { EUR: 1000000.50 }
        allowed_hours: { from: "06:00", until: "23:30", zone: Europe/Malta }
        conformance: report.json
        """;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("operator-file");

    public OperatorFileTests()
    {
        File.Copy(Path.Combine(RepositoryFolder.Root, "components", "wallets", "errors-in-body.yaml"), Path.Combine(_folder.FullName, "errors-in-body.yaml"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "wallets"));
        File.WriteAllText(Path.Combine(_folder.FullName, "wallets", "report.json"), """{"mapping":"errors-in-body","credits_are_idempotent":true}""");
    }

    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(RepositoryFolder.Root, "regions"), "*.yaml", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "wallets").Select(file => Path.GetRelativePath(RepositoryFolder.Root, file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_operator_of_the_repository_has_settings_without_a_fault(string file)
    {
        var faults = new List<string>();
        OperatorFile.Read(Path.Combine(RepositoryFolder.Root, file), faults);
        Assert.Empty(faults);
    }

    [Fact]
    public void Everything_that_stands_in_the_file_is_read()
    {
        var settings = Read(Good, out var faults)!;

        Assert.Empty(faults);
        Assert.Equal(("errors-in-body", "brand-42-wallet", true), (settings.Mapping.Name, settings.SecretName, settings.CreditsAreIdempotent));
        Assert.Equal((TimeSpan.FromMilliseconds(1500), 8, 20), (settings.Timeout, settings.Limits.AtOnceMax, settings.Limits.WaitingMax));
        Assert.Equal(1_000_000_500_000, settings.CreditMicrosMax[Currency.Parse("EUR")]);
        Assert.Equal([Currency.Parse("EUR"), Currency.Parse("JPY")], settings.Currencies!.OrderBy(currency => currency.Code));

        // 22:15 of a summer's evening in Malta is 20:15 UTC.
        Assert.True(settings.Hours!.Allow(new DateTimeOffset(2026, 7, 1, 20, 15, 0, TimeSpan.Zero)));
        Assert.False(settings.Hours!.Allow(new DateTimeOffset(2026, 7, 1, 21, 45, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("tenant: brand-42", "tenant: brand-43", 1, "the file is called brand-42.yaml")]
    [InlineData("https://wallet.test/api", "wallet.test", 2, "must be an http or https address")]
    [InlineData("secret: brand-42-wallet", "key_id: k", 4, "whose 'secret' is missing")]
    [InlineData("secret: brand-42-wallet", "key_id: k", 4, "are not signed")]
    [InlineData("timeout_ms: 1500", "timeout_ms: 5", 5, "from 50 to 60000")]
    [InlineData("at_once_max: 8", "at_once: 8", 6, "'at_once' is no field here")]
    [InlineData("JPY]", "JPX]", 7, "'JPX' is no currency")]
    [InlineData("1000000.50", "a lot", 8, "'a lot' is no amount")]
    [InlineData("\"06:00\"", "6am", 9, "must be a time of day")]
    [InlineData("Europe/Malta", "Europe/Atlantis", 9, "is no time zone")]
    [InlineData("report.json", "nothing.json", 10, "cannot be read as a report")]
    [InlineData("conformance", "conformity", 10, "'conformity' is no field here")]
    public void A_fault_is_told_with_its_line_and_its_reason(string good, string bad, int line, string reason)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        Assert.Null(Read(Good.Replace(good, bad, StringComparison.Ordinal), out var faults));
        Assert.Contains(faults, fault => fault.Contains($"brand-42.yaml:{line}: ", StringComparison.Ordinal) && fault.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_report_of_another_mapping_proves_nothing_for_this_one()
    {
        Assert.Null(Read(Good.Replace("../errors-in-body.yaml", "standard", StringComparison.Ordinal), out var faults));
        Assert.Contains("another mapping than 'standard'", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_the_mapping_are_told_with_its_own_lines()
    {
        File.AppendAllText(Path.Combine(_folder.FullName, "errors-in-body.yaml"), "more: x\n");
        Assert.Null(Read(Good, out var faults));
        Assert.Contains(faults, fault => fault.Contains("errors-in-body.yaml:", StringComparison.Ordinal) && fault.Contains("'more' is no field here", StringComparison.Ordinal));
    }

    OperatorSettings? Read(string text, out List<string> faults)
    {
        var path = Path.Combine(_folder.FullName, "wallets", "brand-42.yaml");
        File.WriteAllText(path, text);
        faults = [];
        return OperatorFile.Read(path, faults);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
