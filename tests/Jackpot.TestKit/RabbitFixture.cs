using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Programs;
using Xunit;

namespace Jackpot.TestKit;

/// <summary>A private RabbitMQ from the distribution's package, with its own name service, on free ports; stopped with the test class. Without RabbitMQ the tests that ask for its address are skipped.</summary>
public sealed class RabbitFixture : IAsyncLifetime
{
    const int PortsNeeded = 3;

    readonly string _folder = Directory.CreateTempSubdirectory("rabbit-").FullName;
    ChildProcess? _names;
    ChildProcess? _server;
    int _port;

    public string Address
    {
        get
        {
            Needs.Program(NeededProgram.RabbitMq);
            return $"amqp://guest:guest@127.0.0.1:{_port}";
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!Needs.Has(NeededProgram.RabbitMq))
        {
            return;
        }
        var ports = Enumerable.Range(0, PortsNeeded).Select(_ => FreePort.Next()).ToArray();
        _port = ports[0];
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = _folder,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = $"{ports[2]}",
            ["RABBITMQ_NODENAME"] = $"test{_port}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{_port}",
            ["RABBITMQ_DIST_PORT"] = $"{ports[1]}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "plugins"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "none"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder, "none"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        };
        await File.WriteAllTextAsync(Path.Combine(_folder, "plugins"), "[].");
        _names = ChildProcess.Start("epmd", ["-address", "127.0.0.1", "-port", $"{ports[2]}"], environment);
        _server = ChildProcess.Start(NeededProgram.RabbitMqScript, [], environment, _folder);
        await _server.PrintedAsync("Server startup complete", TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }
        if (_names is not null)
        {
            await _names.DisposeAsync();
        }
        Directory.Delete(_folder, recursive: true);
    }
}
