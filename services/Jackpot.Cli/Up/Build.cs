using System.Diagnostics;
using System.Text.Json.Nodes;
using Jackpot.Cli.Cluster;

namespace Jackpot.Cli.Up;

/// <summary>Builds the projects that tye.yaml names, and further ones, in one pass of dotnet build.</summary>
static class Build
{
    const string Solution = "Jackpot.Dapr.sln";
    const int ErrorsShown = 5;

    internal static async Task RunAsync(ClusterOptions options, RunFolder run, CancellationToken cancellation, params IEnumerable<string> furtherProjects)
    {
        var projects = TyeFile.Read(Path.Combine(options.Root, "tye.yaml")).Services.Select(service => service.Project).OfType<string>().Concat(furtherProjects).Distinct();
        var filter = Path.Combine(run.Path, "up.slnf");
        RunFolder.WritePrivate(filter, new JsonObject
        {
            ["solution"] = new JsonObject
            {
                ["path"] = Path.Combine(options.Root, Solution),
                ["projects"] = new JsonArray([.. projects.Select(project => JsonValue.Create(project))]),
            },
        }.ToJsonString());

        var start = new ProcessStartInfo("dotnet", ["build", filter, "-c", options.Configuration, "-v", "quiet", "--nologo", "-clp:NoSummary"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = options.Root,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        var text = await output + await errors;
        if (process.ExitCode != 0)
        {
            var lines = text.Split('\n').Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).Distinct().Take(ErrorsShown);
            throw new CommandException($"the build failed:\n{string.Join('\n', lines)}");
        }
    }
}
