using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Cli.Cluster;

/// <summary>Everything that the supervisor needs to start the cluster: written by `up` to plan.json, read by nobody else.</summary>
sealed record ClusterPlan(
    string RunDirectory, string LogDirectory, IReadOnlyList<PostgresPlan> Postgres, IReadOnlyList<ProcessPlan> Processes,
    IReadOnlyDictionary<string, string> Urls, IReadOnlyDictionary<string, string> Databases, int? ParentPid = null)
{
    internal IEnumerable<(string Owner, int Port)> Ports() =>
        Postgres.Select(postgres => (postgres.Name, postgres.Port)).Concat(Processes.SelectMany(process => process.Ports.Values.Select(port => (process.Name, port))));
}

/// <summary>The PostgreSQL of one place.</summary>
/// <param name="Name">Of the service in tye.yaml.</param>
/// <param name="Binaries">Folder of the server's programs.</param>
/// <param name="DataDirectory">Kept between runs.</param>
sealed record PostgresPlan(string Name, string Binaries, string DataDirectory, int Port, string Password, IReadOnlyList<string> DatabaseNames)
{
    /// <summary>What the names of these services begin with; the place's name follows.</summary>
    internal const string NamePrefix = "postgres-";
    internal const string User = "jackpot";

    internal string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username={User};Password={Password};Database={database};Timeout=5";
}

/// <summary>One process of the cluster.</summary>
/// <param name="Name">Unique: the service's name, with "-2" and so on for further replicas.</param>
/// <param name="Ports">Binding → port on 127.0.0.1.</param>
/// <param name="ReadyUrls">All must answer 2xx before the cluster counts as ready.</param>
/// <param name="Stage">Processes of a higher stage are stopped first.</param>
sealed record ProcessPlan(
    string Name, string Service, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment,
    IReadOnlyDictionary<string, int> Ports, IReadOnlyList<string> ReadyUrls, int Stage)
{
    internal string? Url => Ports.TryGetValue("http", out var port) ? $"http://127.0.0.1:{port}" : null;
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClusterPlan))]
sealed partial class ClusterPlanJson : JsonSerializerContext
{
    internal static ClusterPlan Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), Default.ClusterPlan)!;
}
