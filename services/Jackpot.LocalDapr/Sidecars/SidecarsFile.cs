using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.LocalDapr.Components;

namespace Jackpot.LocalDapr.Sidecars;

/// <summary>The file that names all sidecars this process serves.</summary>
sealed record SidecarsFile
{
    /// <summary>PostgreSQL for what real Dapr keeps in its Scheduler: reminders and jobs. The schema is created at start.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Port of the fault switches; 0 = off.</summary>
    public int AdminPort { get; set; }

    public required IReadOnlyList<SidecarOptions> Sidecars { get; init; }

    public static SidecarsFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), SidecarsFileJson.Default.SidecarsFile)
                ?? throw new ResourceFault(path, 1, "the file is empty");
            Check(path, file);
            return file;
        }
        catch (JsonException unreadable)
        {
            throw new ResourceFault(path, (unreadable.LineNumber ?? 0) + 1, unreadable.Message);
        }
        catch (IOException missing)
        {
            throw new ResourceFault(path, 0, missing.Message);
        }
    }

    static void Check(string path, SidecarsFile file)
    {
        if (file.Sidecars.Count == 0)
        {
            throw new ResourceFault(path, 1, "'sidecars' is empty; there is nothing to serve");
        }
        var ports = new Dictionary<int, string>();
        if (file.AdminPort != 0)
        {
            ports.Add(file.AdminPort, "the admin port");
        }
        foreach (var sidecar in file.Sidecars)
        {
            if (sidecar.AppId.Length == 0 || sidecar.AppId.Contains("||", StringComparison.Ordinal))
            {
                throw new ResourceFault(path, 1, $"'{sidecar.AppId}' is not an app id");
            }
            Claim(path, ports, sidecar.HttpPort, $"the HTTP port of {sidecar.AppId}");
            Claim(path, ports, sidecar.GrpcPort, $"the gRPC port of {sidecar.AppId}");
            if (sidecar.AppPort is { } appPort)
            {
                Claim(path, ports, appPort, $"the app port of {sidecar.AppId}");
            }
        }
    }

    static void Claim(string path, Dictionary<int, string> ports, int port, string use)
    {
        if (port is < 1 or > 65535)
        {
            throw new ResourceFault(path, 1, $"{use} is {port}; a port is between 1 and 65535");
        }
        if (!ports.TryAdd(port, use))
        {
            throw new ResourceFault(path, 1, $"port {port} is both {ports[port]} and {use}");
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(SidecarsFile))]
sealed partial class SidecarsFileJson : JsonSerializerContext;
