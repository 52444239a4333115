using System.Diagnostics;
using Jackpot.Bench.Baselines;
using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Programs;

namespace Jackpot.Bench.Brokers;

/// <summary>The distribution's RabbitMQ with its usual durability, a virtual host and an account for each place.</summary>
static class RabbitBroker
{
    static readonly string Control = Path.Combine(Path.GetDirectoryName(NeededProgram.RabbitMqScript)!, "rabbitmqctl");

    internal static async Task<StreamBroker> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("jackpot-rabbit-").FullName;
        var ports = Enumerable.Range(0, 3).Select(_ => FreePort.Next()).ToArray();
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = $"{ports[2]}",
            ["RABBITMQ_NODENAME"] = $"bench{ports[0]}@localhost",
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
        var names = Process.Start(new ProcessStartInfo("epmd", ["-address", "127.0.0.1", "-port", $"{ports[2]}"]))!;
        var server = await StreamBroker.StartAsync(NeededProgram.RabbitMqScript, [], "Server startup complete", environment);
        await Tool.RunAsync(Control, ["eval", string.Join(", ", ((string[])["region", "between"]).Select(PlaceOf)) + "."], environment);
        return new("rabbitmq", StreamBroker.VariablesOf(AddressOf("region"), AddressOf("between")), StopAsync);

        string AddressOf(string place) => $"amqp://{place}:of-{place}@127.0.0.1:{ports[0]}/{place}";

        async ValueTask StopAsync()
        {
            await StreamBroker.EndAsync(server);
            await StreamBroker.EndAsync(names);
            Directory.Delete(folder, recursive: true);
        }
    }

    static string PlaceOf(string place) => $"""
        rabbit_vhost:add(<<"{place}">>, <<"bench">>), ok = rabbit_auth_backend_internal:add_user(<<"{place}">>, <<"of-{place}">>, <<"bench">>),
        ok = rabbit_auth_backend_internal:set_permissions(<<"{place}">>, <<"{place}">>, <<".*">>, <<".*">>, <<".*">>, <<"bench">>)
        """;
}
