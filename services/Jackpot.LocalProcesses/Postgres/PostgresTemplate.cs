namespace Jackpot.LocalProcesses.Postgres;

/// <summary>An initialised, never started data directory, made once per machine and copied for every test cluster.</summary>
static class PostgresTemplate
{
    const string Revision = "r1";

    /// <summary>Path of the template for this PostgreSQL version; made on first use.</summary>
    internal static async Task<string> GetAsync(PostgresBinaries binaries, CancellationToken cancellation)
    {
        var account = PostgresAccount.MustDropRoot ? "root" : Environment.UserName;
        var template = Path.Combine(Path.GetTempPath(), $"jackpot-postgres-{binaries.MajorVersion}-{account}-{Revision}");
        if (!Directory.Exists(template))
        {
            await MakeAsync(binaries, template, cancellation);
        }
        return template;
    }

    static async Task MakeAsync(PostgresBinaries binaries, string template, CancellationToken cancellation)
    {
        // Several test programs may come here at once: each makes its own and the first rename wins.
        var draft = $"{template}.{Guid.NewGuid():N}";
        await PostgresAccount.RequireAsync([binaries.Program("initdb"), .. InitArguments(draft, ["--auth=trust"])], cancellation);
        var (exitCode, output) = await PostgresAccount.RunAsync(["mv", "-nT", draft, template], cancellation);
        await PostgresAccount.RequireAsync(["rm", "-rf", draft], cancellation);
        if (exitCode != 0 && !Directory.Exists(template))
        {
            throw new InvalidOperationException($"The PostgreSQL template {template} could not be made: {output.Trim()}");
        }
    }

    internal static IEnumerable<string> InitArguments(string directory, IEnumerable<string> authentication) =>
        ["-D", directory, "-U", PrivatePostgres.User, "-E", "UTF8", "--locale=C", "--no-sync", .. authentication];
}
