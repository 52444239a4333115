using Jackpot.LocalProcesses.Paths;
using Jackpot.LocalProcesses.Programs;

namespace Jackpot.Cli.Tests.Testing;

public sealed class ProgramPathTests
{
    [Fact]
    public void A_link_whose_program_was_taken_away_is_no_program()
    {
        var folder = Directory.CreateTempSubdirectory("jackpot-path-");
        var (program, link) = (Path.Combine(folder.FullName, "server"), Path.Combine(folder.FullName, "link"));
        File.WriteAllText(program, "");
        File.CreateSymbolicLink(link, program);
        Assert.True(ProgramPath.IsThere(program) && ProgramPath.IsThere(link));

        File.Delete(program);

        Assert.False(ProgramPath.IsThere(program) || ProgramPath.IsThere(link));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void What_is_in_PATH_is_found_and_what_is_nowhere_is_not()
    {
        Assert.NotNull(ProgramPath.Find("sh"));
        Assert.Null(ProgramPath.Find("no-such-program"));
    }
}
