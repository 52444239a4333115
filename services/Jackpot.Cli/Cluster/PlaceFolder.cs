using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jackpot.Contracts.Signing;

namespace Jackpot.Cli.Cluster;

/// <summary>
/// What one place of the local cluster has to itself: a region, or what lies between the regions. Its PostgreSQL, its password and its key are
/// shared with no other place.
/// </summary>
sealed class PlaceFolder(RunFolder run, string place)
{
    /// <summary>Signs the seals of the region's audit logs; nobody but the sidecars reads it.</summary>
    const string AuditKey = "audit-signing-key";

    internal string Name => place;
    internal string Path => System.IO.Path.Combine(run.Path, place);
    internal string SecretsFile => System.IO.Path.Combine(Path, "secrets.json");
    internal string SidecarsFile => System.IO.Path.Combine(Path, "sidecars.json");
    /// <summary>What stands for an object store that nobody writes twice.</summary>
    internal string AuditStore => System.IO.Path.Combine(Path, "audit-store");
    internal string PostgresData => System.IO.Path.Combine(Path, "postgres");

    internal LocalSecrets Secrets { get; private set; } = new("", "");

    /// <summary>Creates the folder, and secrets that later runs will use again.</summary>
    internal PlaceFolder Prepare()
    {
        try
        {
            Directory.CreateDirectory(Path);
            Secrets = ReadOrMakeSecrets();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new CommandException($"{Path} cannot be written: {error.Message} Choose another folder with --run-dir.");
        }
        return this;
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
            RunFolder.WritePrivate(SecretsFile, new JsonObject
            {
                ["draw-sealing-key"] = made.DrawSealingKey, ["postgres-password"] = made.PostgresPassword, [AuditKey] = SigningSecret.New(),
            }.ToJsonString());
            return made;
        }
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(SecretsFile))!.AsObject();
            if (!json.ContainsKey(AuditKey))
            {
                // Of a cluster that an earlier version began.
                json[AuditKey] = SigningSecret.New();
                RunFolder.WritePrivate(SecretsFile, json.ToJsonString());
            }

            return new LocalSecrets((string)json["draw-sealing-key"]!, (string)json["postgres-password"]!);
        }
        catch (Exception error) when (error is JsonException or NullReferenceException or ArgumentNullException or InvalidOperationException)
        {
            throw new CommandException($"{SecretsFile} is not the file that `up` wrote: {error.Message}");
        }
    }

    static string Hex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}

/// <param name="DrawSealingKey">64 hex characters; seals the draw secrets in the databases of the region's shards.</param>
/// <param name="PostgresPassword">Of the only account of the place's PostgreSQL.</param>
sealed record LocalSecrets(string DrawSealingKey, string PostgresPassword);
