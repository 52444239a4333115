using Jackpot.LocalProcesses;

namespace Jackpot.Cli.Cluster;

/// <summary>Gives each binding its port: the one of tye.yaml, the next in a row, or any that is free.</summary>
sealed class PortNumbering(ClusterOptions options, IEnumerable<int> ofTheFile)
{
    /// <summary>Further replicas step over the ports of other services.</summary>
    const int Step = 10;

    readonly HashSet<int> _ofTheFile = [.. ofTheFile];
    readonly HashSet<int> _taken = [];
    int _next = options.BasePort ?? 0;

    internal int Take(int wanted, int replica)
    {
        var port = options switch
        {
            { FreePorts: true } => Free(),
            { BasePort: not null } => _next++,
            _ => replica == 0 ? wanted : Next(wanted + replica),
        };
        return _taken.Add(port) ? port : throw new CommandException($"tye.yaml gives port {port} to two bindings.");
    }

    int Next(int port)
    {
        while (_ofTheFile.Contains(port) || _taken.Contains(port))
        {
            port += Step;
        }
        return port;
    }

    int Free()
    {
        int port;
        do
        {
            port = FreePort.Next();
        }
        while (_taken.Contains(port));
        return port;
    }
}
