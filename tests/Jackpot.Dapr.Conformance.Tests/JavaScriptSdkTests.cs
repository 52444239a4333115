using System.Text.RegularExpressions;
using Jackpot.LocalProcesses.Programs;
using Jackpot.TestKit;

namespace Jackpot.Dapr.Conformance.Tests;

/// <summary>The official JavaScript SDK, unmodified, as somebody else's reading of the protocol: application, client and workflow worker.</summary>
public sealed partial class JavaScriptSdkTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>What npm says when no package registry can be reached, which says nothing about the sidecar.</summary>
    [GeneratedRegex("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT")]
    private static partial Regex Unreachable { get; }

    static string Folder => Path.Combine(RepositoryFolder.Root, "tests/js-sdk");

    [Fact]
    public async Task Official_javascript_sdk_runs_on_the_local_sidecar()
    {
        Needs.Program(NeededProgram.PostgreSql);
        Needs.Program(NeededProgram.Node);
        await InstallAsync();
        await using var sidecar = await LocalSidecar.StartAsync(postgres, "pubsub.postgresql");
        var environment = sidecar.Environment;
        environment["APP_ID"] = "conformance";
        await using var program = ChildProcess.Start("node", ["prove.js"], environment, Folder);

        var exitCode = await program.ExitAsync(Patience);

        var lines = program.Output.Split('\n');
        output.WriteLine(string.Join('\n', lines.Where(line => line.StartsWith("pass", StringComparison.Ordinal) || line.StartsWith("FAIL", StringComparison.Ordinal))));
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{program.Output}\n--- LocalDapr ---\n{sidecar.Output}");
        Assert.Contains("25 passed, 0 failed", program.Output, StringComparison.Ordinal);
    }

    /// <summary>Fetches what the lock file names, once; npm checks every package against its recorded hash.</summary>
    static async Task InstallAsync()
    {
        if (File.Exists(Path.Combine(Folder, "node_modules/.package-lock.json")))
        {
            return;
        }

        await using var npm = ChildProcess.Start("npm", ["ci", "--no-fund", "--no-audit", "--ignore-scripts"], workingDirectory: Folder);
        var exitCode = await npm.ExitAsync(Patience);
        Assert.SkipWhen(exitCode != 0 && Unreachable.IsMatch(npm.Output), $"the packages of the JavaScript SDK could not be fetched: {Unreachable.Match(npm.Output).Value}");
        Assert.True(exitCode == 0, $"npm ci failed with {exitCode} in {Folder}:\n{npm.Output}");
    }
}
