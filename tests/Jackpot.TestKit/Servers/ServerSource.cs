using Jackpot.LocalProcesses.Programs;
using Xunit;

namespace Jackpot.TestKit.Servers;

/// <summary>Where a server that tests use comes from: a container, a program of this machine, or nowhere. The rule stands in docs/testing.md.</summary>
/// <param name="Engine">The Docker engine that starts the container; null for a program.</param>
/// <param name="Image">The container's image; null for a program.</param>
/// <param name="MayPull">Whether the engine may fetch an image that it does not hold.</param>
/// <param name="Missing">Why there is neither; the reason of the skip.</param>
public sealed record ServerSource(Uri? Engine = null, string? Image = null, bool MayPull = false, string? Missing = null)
{
    const string Variable = "JACKPOT_TEST_SERVERS";
    const string Containers = "containers";
    const string Programs = "programs";

    static ServerSource Program { get; } = new();

    /// <summary>Skips the running test when the server comes from nowhere. Never for a fixture's own initialisation: see <see cref="Needs"/>.</summary>
    public void SkipIfMissing() => Assert.SkipWhen(Missing is not null, Missing ?? "");

    /// <summary>Decides for this machine and run.</summary>
    internal static Task<ServerSource> ChooseAsync(NeededProgram program, string image, bool containersOnly) =>
        ChooseAsync(Environment.GetEnvironmentVariable(Variable), program, image, containersOnly, alsoStarted => EngineAsync(image, alsoStarted));

    /// <summary>The same from what is given, so that a test holds every row of the rule.</summary>
    public static async Task<ServerSource> ChooseAsync(
        string? asked, NeededProgram program, string image, bool containersOnly, Func<bool, Task<(Uri? Engine, bool HasImage)>> engineAsync) => asked switch
        {
            Programs when containersOnly => new(Missing: $"{Variable}={Programs} asks for no containers"),
            Programs => OfProgram(program),
            Containers => OfContainer(await engineAsync(true), image, mayPull: true),
            null or "" when containersOnly => OfContainer(await engineAsync(true), image, mayPull: false),
            null or "" => await engineAsync(false) is { HasImage: true } engine ? OfContainer(engine, image, mayPull: false) : OfProgram(program),
            _ => throw new InvalidOperationException($"{Variable} is '{asked}'. Set it to {Containers} or {Programs}, or unset it."),
        };

    static ServerSource OfProgram(NeededProgram program) => program.IsThere() ? Program : new(Missing: program.MissingText);

    static ServerSource OfContainer((Uri? Engine, bool HasImage) answer, string image, bool mayPull) => answer switch
    {
        { Engine: null } => new(Missing: "no Docker engine answers (neither one that ./jackpot test started nor DOCKER_HOST or the default socket)"),
        { HasImage: false } when !mayPull => new(Missing: $"the Docker engine at {answer.Engine} does not hold the image {image}, and only {Variable}={Containers} lets it pull"),
        _ => new(answer.Engine, image, mayPull && !answer.HasImage),
    };

    static async Task<(Uri? Engine, bool HasImage)> EngineAsync(string image, bool alsoStarted)
    {
        foreach (var engine in (ContainerEngine?[])[alsoStarted ? ContainerEngine.Started : null, ContainerEngine.OfMachine])
        {
            if (engine is not null && await engine.AnswersAsync())
            {
                return (engine.Address, await engine.HasAsync(image));
            }
        }
        return (null, false);
    }
}
