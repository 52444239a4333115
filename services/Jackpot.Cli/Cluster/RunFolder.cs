using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jackpot.Cli.Cluster;

/// <summary>The folder (.run) that holds a local cluster's data, logs, secrets and state.</summary>
sealed class RunFolder
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    RunFolder(string path) => Path = path;

    internal string Path { get; }
    internal string Logs => System.IO.Path.Combine(Path, "logs");
    internal string PlanFile => System.IO.Path.Combine(Path, "plan.json");
    internal string StateFile => System.IO.Path.Combine(Path, "cluster.json");
    internal string SecretsFile => System.IO.Path.Combine(Path, "secrets.json");
    internal string PostgresData => System.IO.Path.Combine(Path, "postgres");

    internal LocalSecrets Secrets { get; private set; } = new("", "");

    /// <summary>Names the folder without touching it.</summary>
    internal static RunFolder At(string path) => new(path);

    /// <summary>Creates what is missing: the folder, its log folder, and secrets that later runs will use again.</summary>
    internal static RunFolder Prepare(string path)
    {
        var run = new RunFolder(path);
        try
        {
            Directory.CreateDirectory(run.Logs);
            run.Secrets = run.ReadOrMakeSecrets();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new CommandException($"{path} cannot be written: {error.Message} Choose another folder with --run-dir.");
        }
        return run;
    }

    /// <summary>Writes a file that only its owner may read, whole or not at all.</summary>
    internal static void WritePrivate(string file, string text)
    {
        var draft = $"{file}.{Environment.ProcessId}.new";
        using (var stream = new FileStream(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
        }
        File.Move(draft, file, overwrite: true);
    }

    LocalSecrets ReadOrMakeSecrets()
    {
        if (!File.Exists(SecretsFile))
        {
            if (Directory.Exists(PostgresData))
            {
                throw new CommandException($"{SecretsFile} is missing, but {PostgresData} exists: without its keys the sealed draws cannot be opened. Put it back, or delete {Path} to start anew.");
            }
            var made = new LocalSecrets(Hex(32), Hex(16));
            WritePrivate(SecretsFile, new JsonObject { ["draw-sealing-key"] = made.DrawSealingKey, ["postgres-password"] = made.PostgresPassword }.ToJsonString());
            return made;
        }
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(SecretsFile));
            return new LocalSecrets((string)json!["draw-sealing-key"]!, (string)json["postgres-password"]!);
        }
        catch (Exception error) when (error is JsonException or NullReferenceException or ArgumentNullException or InvalidOperationException)
        {
            throw new CommandException($"{SecretsFile} is not the file that `up` wrote: {error.Message}");
        }
    }

    static string Hex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}

/// <param name="DrawSealingKey">64 hex characters; seals the draw secrets in the shards' databases.</param>
/// <param name="PostgresPassword">Of the private PostgreSQL's only account.</param>
sealed record LocalSecrets(string DrawSealingKey, string PostgresPassword);
