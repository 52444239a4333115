using Jackpot.LocalDapr.Actors;
using Jackpot.LocalDapr.Faults;

namespace Jackpot.LocalDapr.Tests.Faults;

public sealed class FaultSwitchesTests
{
    [Fact]
    public void The_same_seed_strikes_at_the_same_occasions()
    {
        Assert.Equal(Strikes(42), Strikes(42));
        Assert.NotEqual(Strikes(42), Strikes(43));
    }

    [Fact]
    public void A_rule_strikes_only_what_it_names_and_only_so_often()
    {
        var faults = new FaultSwitches(new Placement());
        faults.Add(new FaultRule { Kind = FaultKind.DuplicateMessage, AppId = "a", Subject = "t", TimesMax = 1 });
        Assert.Null(faults.Strike(FaultKind.DuplicateMessage, "b", "t"));
        Assert.Null(faults.Strike(FaultKind.DuplicateMessage, "a", "u"));
        Assert.Null(faults.Strike(FaultKind.DelayMessage, "a", "t"));
        Assert.NotNull(faults.Strike(FaultKind.DuplicateMessage, "a", "t"));
        Assert.Null(faults.Strike(FaultKind.DuplicateMessage, "a", "t"));
    }

    static bool[] Strikes(int seed)
    {
        var faults = new FaultSwitches(new Placement());
        faults.Add(new FaultRule { Kind = FaultKind.ActivityTwice, Probability = 0.5, Seed = seed });
        return [.. Enumerable.Range(0, 100).Select(_ => faults.Strike(FaultKind.ActivityTwice, "a", "x") is not null)];
    }
}
