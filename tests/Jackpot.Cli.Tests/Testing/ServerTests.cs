using System.Net.Sockets;
using System.Text;
using Jackpot.LocalProcesses.Programs;
using Jackpot.TestKit.Servers;

namespace Jackpot.Cli.Tests.Testing;

/// <summary>Where the servers of tests come from, and that each way of having one gives the same server.</summary>
public sealed class ServerTests
{
    static readonly Uri Engine = new("unix:///somewhere/docker.sock");
    static readonly NeededProgram Installed = new("server", [], "install it", () => true);
    static readonly NeededProgram Absent = new("server", [], "install it", () => false);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The rule of docs/testing.md, row by row. The engine is the machine's own ("own"), one that was started for these tests ("started"), or none.</summary>
    [Theory]
    [InlineData(null, false, "own", true, true, "container")]
    [InlineData("", false, "own", true, true, "container")]
    [InlineData(null, false, "own", false, true, "program")]
    [InlineData(null, false, "started", true, true, "program")]
    [InlineData(null, false, "none", false, true, "program")]
    [InlineData(null, false, "none", false, false, "server is not installed (install it)")]
    [InlineData(null, true, "own", true, true, "container")]
    [InlineData(null, true, "started", true, false, "container")]
    [InlineData(null, true, "started", false, true, "does not hold the image")]
    [InlineData(null, true, "none", false, true, "no Docker engine answers")]
    [InlineData("programs", false, "own", true, true, "program")]
    [InlineData("programs", false, "own", true, false, "server is not installed (install it)")]
    [InlineData("programs", true, "own", true, true, "JACKPOT_TEST_SERVERS=programs asks for no containers")]
    [InlineData("containers", false, "started", true, true, "container")]
    [InlineData("containers", false, "own", false, true, "container, pulled")]
    [InlineData("containers", true, "own", true, true, "container")]
    [InlineData("containers", false, "none", false, true, "no Docker engine answers")]
    public async Task A_server_comes_from_where_the_rule_says(string? asked, bool containersOnly, string engine, bool hasImage, bool installed, string from)
    {
        var source = await ServerSource.ChooseAsync(asked, installed ? Installed : Absent, "server:1", containersOnly,
            alsoStarted => Task.FromResult(engine == "own" || (engine == "started" && alsoStarted) ? (Engine, hasImage) : ((Uri?)null, false)));

        Assert.Contains(from, source.Missing ?? (source.Engine is null ? "program" : source.MayPull ? "container, pulled" : "container"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_other_wish_is_refused_with_what_may_be_set()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServerSource.ChooseAsync("docker", Installed, "server:1", false, _ => Task.FromResult(((Uri?)null, false))));
        Assert.Contains("'docker'. Set it to containers or programs", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redis_answers_however_it_was_started_and_is_gone_afterwards(bool container)
    {
        var source = container ? await NeededServer.Redis.ContainerSourceAsync() : await NeededServer.Redis.SourceAsync();
        source.SkipIfMissing();
        string address;
        await using (var redis = await NeededServer.Redis.StartAsync(source))
        {
            address = redis.Address;
            Assert.Equal("+PONG\r\n", await PingAsync(address));
        }
        await Assert.ThrowsAnyAsync<SocketException>(() => PingAsync(address));
    }

    static async Task<string> PingAsync(string address)
    {
        var parts = address.Split(':');
        using var client = new TcpClient();
        await client.ConnectAsync(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), Ct);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("PING\r\n"), Ct);
        var answer = new byte[7];
        await client.GetStream().ReadExactlyAsync(answer, Ct);
        return Encoding.ASCII.GetString(answer);
    }
}
