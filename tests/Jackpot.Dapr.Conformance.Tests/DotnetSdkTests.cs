using System.Globalization;
using Jackpot.TestKit;

namespace Jackpot.Dapr.Conformance.Tests;

/// <summary>The official .NET SDK, unmodified: application, client, actors, workflow worker and generated gRPC client, without tokens and with them in both directions.</summary>
public sealed class DotnetSdkTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    const int ChecksMin = 120;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Three checks are about the token; one method of the SDK forgets it.</summary>
    [Theory]
    [InlineData(null, 3)]
    [InlineData("a-token-of-the-test", 1)]
    public async Task Official_dotnet_sdk_runs_on_the_local_sidecar(string? token, int skipped)
    {
        await using var sidecar = await LocalSidecar.StartAsync(postgres, "pubsub.postgresql", token);
        var environment = sidecar.Environment;
        environment["BINDING"] = "files";
        var folder = Path.Combine(RepositoryFolder.Root, "tests/dotnet-sdk/bin", RepositoryFolder.Configuration, "net10.0");
        await using var program = ChildProcess.StartDotnet(Path.Combine(folder, "jackpot-dotnet-sdk.dll"), [], environment);

        var exitCode = await program.ExitAsync(Patience);

        output.WriteLine(program.Output);
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{program.Output}\n--- LocalDapr ---\n{sidecar.Output}");
        var summary = program.Output.Split('\n').Last(line => line.EndsWith(" skipped", StringComparison.Ordinal));
        Assert.EndsWith($", 0 failed, {skipped} skipped", summary, StringComparison.Ordinal);
        var passed = int.Parse(summary.Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.True(passed >= ChecksMin, $"only {passed} checks ran");
    }
}
