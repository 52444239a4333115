using System.Net;
using Jackpot.Ledger.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Jackpot.Shard.Ownership;

/// <summary>This process among the shard's replicas.</summary>
internal sealed class Replica(IServer server, ShardOptions options)
{
    /// <summary>Every start of a process is another replica: what its predecessor owned it does not own.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>
    /// Where other replicas reach this one: <see cref="ShardOptions.ReplicaAddress"/>, else what the server listens on, with the host's own address
    /// (<c>POD_IP</c>, or its name) in place of "all addresses". Known once the server listens.
    /// </summary>
    public Uri Address => field ??= options.ReplicaAddress.Length > 0 ? new Uri(options.ReplicaAddress) : Listening();

    Uri Listening()
    {
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(address => address.StartsWith("http:", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("The server does not listen on any http address yet; set Shard__ReplicaAddress to where other replicas reach this one.");
        var address = BindingAddress.Parse(listening);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]"
            ? Environment.GetEnvironmentVariable("POD_IP") is { Length: > 0 } pod ? pod : Dns.GetHostName()
            : address.Host;
        return new UriBuilder(Uri.UriSchemeHttp, host.Trim('[', ']'), address.Port).Uri;
    }
}
