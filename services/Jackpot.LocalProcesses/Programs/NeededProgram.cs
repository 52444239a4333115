using Jackpot.LocalProcesses.Paths;
using Jackpot.LocalProcesses.Postgres;

namespace Jackpot.LocalProcesses.Programs;

/// <summary>A program that tests start and that this repository does not build.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Packages">The distribution's packages that hold it; none when they may be too old.</param>
/// <param name="Advice">How somebody installs it by hand.</param>
/// <param name="IsThere">Whether it is installed; asked once more after an installation.</param>
public sealed record NeededProgram(string Name, IReadOnlyList<string> Packages, string Advice, Func<bool> IsThere)
{
    /// <summary>RabbitMQ's own start script. Debian's in /usr/sbin changes the account first, and then cannot read a test's folder.</summary>
    public const string RabbitMqScript = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    /// <summary>The databases of every cluster.</summary>
    public static NeededProgram PostgreSql { get; } = new(
        $"PostgreSQL {PostgresBinaries.MajorVersionMin} or newer", ["postgresql", "util-linux"], "apt-get install postgresql",
        () => PostgresBinaries.Find() is not null && (!PostgresAccount.MustDropRoot || ProgramPath.Find("setpriv") is not null));

    /// <summary>The broker that the components of `components/rabbitmq` name.</summary>
    public static NeededProgram RabbitMq { get; } = new(
        "rabbitmq-server", ["rabbitmq-server"], "apt-get install rabbitmq-server",
        () => ProgramPath.Find("rabbitmq-server") is not null && ProgramPath.IsThere(RabbitMqScript) && ProgramPath.Find("epmd") is not null);

    /// <summary>What the benchmark compares single bets with.</summary>
    public static NeededProgram Redis { get; } = new(
        "redis-server", ["redis-server"], "apt-get install redis-server",
        () => ProgramPath.Find("redis-server") is not null && ProgramPath.Find("redis-benchmark") is not null);

    /// <summary>Runs the official JavaScript SDK. The distribution's packages are not asked, because theirs may be older.</summary>
    public static NeededProgram Node { get; } = new(
        "Node.js with npm", [], "see https://nodejs.org, version 20 or newer",
        () => ProgramPath.Find("node") is not null && ProgramPath.Find("npm") is not null);

    /// <summary>What `tests/containers/engine` starts a Docker engine and makes its images with.</summary>
    public static NeededProgram DockerEngine { get; } = new(
        "a Docker engine of one's own", ["docker.io", "debootstrap"], "apt-get install docker.io debootstrap",
        () => ProgramPath.Find("dockerd") is not null && ProgramPath.Find("docker") is not null && ProgramPath.Find("debootstrap") is not null);

    /// <summary>All that the tests can use; an engine besides, where one is wanted and may be started.</summary>
    public static IReadOnlyList<NeededProgram> OfTests { get; } = [PostgreSql, RabbitMq, Redis, Node];

    /// <summary>Why a test that needs it is skipped.</summary>
    public string MissingText => $"{Name} is not installed ({Advice})";
}
