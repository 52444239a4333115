using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Programs;
using Testcontainers.RabbitMq;

namespace Jackpot.TestKit.Servers;

/// <summary>A RabbitMQ of one's own; as a program it has its own name service, too.</summary>
static class RabbitServer
{
    const int PortsNeeded = 3;
    static readonly string ControlProgram = Path.Combine(Path.GetDirectoryName(NeededProgram.RabbitMqScript)!, "rabbitmqctl");
    static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60);

    internal static async Task<RunningServer> StartProgramAsync()
    {
        var folder = Directory.CreateTempSubdirectory("rabbit-").FullName;
        var ports = Enumerable.Range(0, PortsNeeded).Select(_ => FreePort.Next()).ToArray();
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = folder,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = $"{ports[2]}",
            ["RABBITMQ_NODENAME"] = $"test{ports[0]}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{ports[0]}",
            ["RABBITMQ_DIST_PORT"] = $"{ports[1]}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "plugins"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "none"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "none"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        };
        await File.WriteAllTextAsync(Path.Combine(folder, "plugins"), "[].");
        var names = ChildProcess.Start("epmd", ["-address", "127.0.0.1", "-port", $"{ports[2]}"], environment);
        var server = ChildProcess.Start(NeededProgram.RabbitMqScript, [], environment, folder);
        await server.PrintedAsync("Server startup complete", StartTimeMax);
        return new($"amqp://guest:guest@127.0.0.1:{ports[0]}", StopAsync) { ControlAsync = ControlAsync };

        async Task ControlAsync(string[] arguments)
        {
            await using var control = ChildProcess.Start(ControlProgram, arguments, environment, folder);
            var exitCode = await control.ExitAsync(StartTimeMax);
            if (exitCode != 0)
            {
                throw new InvalidOperationException($"rabbitmqctl {arguments[0]} ended with {exitCode}:\n{control.Output}");
            }
        }

        async ValueTask StopAsync()
        {
            await server.StopAsync();
            await server.DisposeAsync();
            await names.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static async Task<RunningServer> StartContainerAsync(ServerSource source)
    {
        var container = await ServerContainer.StartAsync(new RabbitMqBuilder(source.Image!), source);
        return new(container.GetConnectionString().TrimEnd('/'), container.DisposeAsync)
        {
            ControlAsync = async arguments =>
            {
                var result = await container.ExecAsync(["rabbitmqctl", .. arguments]);
                if (result.ExitCode != 0)
                {
                    throw new InvalidOperationException($"rabbitmqctl {arguments[0]} ended with {result.ExitCode}:\n{result.Stdout}{result.Stderr}");
                }
            },
        };
    }
}
