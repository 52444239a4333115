using System.ComponentModel;
using Jackpot.TestKit;

namespace Jackpot.Dapr.Conformance.Tests;

/// <summary>The official JavaScript SDK, unmodified, as somebody else's reading of the protocol: application, client and workflow worker.</summary>
public sealed class JavaScriptSdkTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    static string Folder => Path.Combine(RepositoryFolder.Root, "tests/js-sdk");

    [Fact]
    public async Task Official_javascript_sdk_runs_on_the_local_sidecar()
    {
        Assert.SkipUnless(await CanStartAsync("node"), "node is not installed; the JavaScript SDK needs Node.js 20 or later.");
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
        Assert.True(exitCode == 0, $"npm ci failed with {exitCode} in {Folder}:\n{npm.Output}");
    }

    static async Task<bool> CanStartAsync(string program)
    {
        try
        {
            await using var started = ChildProcess.Start(program, ["--version"]);
            return await started.ExitAsync(Patience) == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
