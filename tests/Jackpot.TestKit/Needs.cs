using System.Collections.Concurrent;
using Jackpot.LocalProcesses.Programs;
using Xunit;

namespace Jackpot.TestKit;

/// <summary>Skips a test that needs a program which is not installed.</summary>
/// <remarks>
/// For test bodies and for what they call. Never for a fixture's own initialisation: xunit counts a skip there as a failure of all its
/// tests. A fixture asks <see cref="Has"/> and starts nothing; its properties, which the tests read, call <see cref="Program"/>.
/// </remarks>
public static class Needs
{
    static readonly ConcurrentDictionary<NeededProgram, bool> Installed = new();

    /// <summary>Whether it is installed.</summary>
    public static bool Has(NeededProgram program) => Installed.GetOrAdd(program, static asked => asked.IsThere());

    /// <summary>Skips the running test when it is not installed, with what to install as the reason.</summary>
    public static void Program(NeededProgram program) => Assert.SkipUnless(Has(program), program.MissingText);
}
