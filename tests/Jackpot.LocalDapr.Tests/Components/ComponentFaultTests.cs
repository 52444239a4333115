using Jackpot.LocalProcesses;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;

namespace Jackpot.LocalDapr.Tests.Components;

/// <summary>A mistake in a file ends the process with code 2 and one line: file, line, reason.</summary>
public sealed class ComponentFaultTests : IDisposable
{
    const string Head = "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: x\nspec:\n";

    readonly string _folder = Directory.CreateTempSubdirectory("faults-").FullName;

    [Theory]
    [InlineData("a.yaml", Head + "  type: pubsub.telepathy\n  version: v1\n", "a.yaml:6: the component type 'pubsub.telepathy' is not served")]
    [InlineData("a.yaml", Head + "  type: state.postgresql\n  version: v1\n", "a.yaml:7: version 'v1' of state.postgresql is not served")]
    [InlineData("a.yaml", Head + "  type: state.postgresql\n  version: v2\n  metadata:\n    - name: actorStateStroe\n      value: \"true\"\n", "a.yaml:9: state.postgresql has no metadata 'actorStateStroe'")]
    [InlineData("a.yaml", Head + "  type: pubsub.postgresql\n  version: v1\n  metadata:\n    - name: connectionString\n      value: Host=h\n    - name: concurrency\n      value: many\n", "a.yaml:11: component 'x': 'concurrency' is 'many'")]
    [InlineData("a.yaml", Head + "  type: state.postgresql\n  version: v2\n  metdata: []\n", "a.yaml:8: the field 'metdata' is not known here")]
    [InlineData("a.yaml", Head + "  type: state.postgresql\n  version: v2\nscope: [a]\n", "a.yaml:8: the field 'scope' is not known here")]
    [InlineData("a.yaml", Head + "  type: secretstores.local.file\n  version: v1\n  metadata:\n    - name: secretsFile\n      envRef: NOT_SET_ANYWHERE\n", "a.yaml:9: 'secretsFile' refers to the environment variable NOT_SET_ANYWHERE")]
    [InlineData("a.yaml", Head + "  type: state.postgresql\n  version: v2\n  metadata:\n    - name: connectionString\n      secretKeyRef: { name: a, key: b }\n", "a.yaml:9: 'connectionString' has a secretKeyRef, but the component names no auth.secretStore")]
    [InlineData("a.yaml", "kind: ]\n", "a.yaml:1: this is not YAML")]
    [InlineData("a.yaml", "kind: Componet\n", "a.yaml:1: the kind 'Componet' is not known")]
    [InlineData("r.yaml", "apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: { name: r }\nspec:\n  policies:\n    retries:\n      often: { policy: constant, duration: soon }\n", "r.yaml:7: 'duration' is 'soon'")]
    [InlineData("r.yaml", "apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: { name: r }\nspec:\n  targets:\n    components:\n      a: { inbound: { retry: never } }\n", "r.yaml:7: no retry policy is called 'never'")]
    [InlineData("s.yaml", "apiVersion: dapr.io/v2alpha1\nkind: Subscription\nmetadata: { name: s }\nspec:\n  pubsubname: p\n  topic: t\n  routes:\n    rules:\n      - { match: 'event.type ~ 1', path: /a }\n", "s.yaml:9: the rule \"event.type ~ 1\" cannot be read at '~'")]
    public async Task A_bad_file_is_refused_with_file_line_and_reason(string name, string yaml, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, name), yaml, TestContext.Current.CancellationToken);
        var (exitCode, output) = await RunAsync(Sidecars(_folder));
        Assert.Equal(2, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", output.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "sidecars.json:1:")]
    [InlineData("""{"connectionString":"Host=h","sidecars":[]}""", "'sidecars' is empty")]
    [InlineData("""{"connectionString":"Host=h","sidecars":[{"appId":"a","httpPort":3500,"grpcPort":3500}]}""", "port 3500 is both the HTTP port of a and the gRPC port of a")]
    [InlineData("""{"connectionString":"Host=h","sidecars":[{"appId":"a","httpPort":1,"grpcPort":2,"appPrt":3}]}""", "appPrt")]
    public async Task A_bad_sidecars_file_is_refused(string json, string expected)
    {
        var (exitCode, output) = await RunAsync(json);
        Assert.Equal(2, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static string Sidecars(string resources)
    {
        var ports = Enumerable.Range(FreePort.NextRange(2), 2).ToArray();
        return $$"""{"connectionString":"Host=127.0.0.1;Port=1","sidecars":[{"appId":"a","httpPort":{{ports[0]}},"grpcPort":{{ports[1]}},"resourcesPaths":["{{resources}}"]}]}""";
    }

    async Task<(int ExitCode, string Output)> RunAsync(string sidecars)
    {
        var file = Path.Combine(_folder, "sidecars.json");
        await File.WriteAllTextAsync(file, sidecars, TestContext.Current.CancellationToken);
        await using var process = ChildProcess.StartDotnet(RepositoryFolder.BuiltDll("services/Jackpot.LocalDapr"), ["--sidecars", file]);
        var exitCode = await process.ExitAsync(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => process.Output.Length > 0);
        return (exitCode, process.Output);
    }
}
