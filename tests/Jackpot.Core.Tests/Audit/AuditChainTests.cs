using Jackpot.Core.Audit;

namespace Jackpot.Core.Tests.Audit;

[Trait("Rule", "R22")]
[Trait("Rule", "R23")]
public sealed class AuditChainTests
{
    [Fact]
    public void A_log_that_nobody_touched_is_whole() => Assert.Empty(AuditChain.Broken(Log()));

    public static TheoryData<Func<AuditEntry, AuditEntry>> Alterations() =>
    [
        Alter(entry => entry with { AtUnixMs = 0 }), Alter(entry => entry with { Component = "" }), Alter(entry => entry with { Action = "" }), Alter(entry => entry with { StaffUser = "eve" }),
        Alter(entry => entry with { AuthorisedBy = "eve" }), Alter(entry => entry with { Why = "" }), Alter(entry => entry with { Before = "" }), Alter(entry => entry with { After = "" }),
        Alter(entry => entry with { Before = entry.Before + entry.After, After = "" }),
    ];

    [Theory]
    [MemberData(nameof(Alterations))]
    public void Every_field_is_bound(Func<AuditEntry, AuditEntry> alter)
    {
        var log = Log();
        log[1] = log[1] with { Entry = alter(log[1].Entry) };
        Assert.Equal([2], AuditChain.Broken(log));
    }

    [Fact]
    public void An_entry_that_was_altered_and_rehashed_breaks_the_next()
    {
        var log = Log();
        log[1] = AuditChain.Append(log[0], log[1].Entry with { StaffUser = "eve" });
        Assert.Equal([3], AuditChain.Broken(log));
    }

    [Fact]
    public void An_entry_that_was_removed_is_missed()
    {
        var log = Log();
        log.RemoveAt(1);
        Assert.Equal([3], AuditChain.Broken(log));
    }

    [Fact]
    public void An_entry_follows_the_last_and_names_staff_user_action_and_reason()
    {
        var last = Log()[^1];
        Assert.Throws<ArgumentException>(() => AuditChain.Append(last, Entry(5)));
        Assert.Throws<ArgumentException>(() => AuditChain.Append(last, Entry(4) with { StaffUser = " " }));
        Assert.Throws<ArgumentException>(() => AuditChain.Append(last, Entry(4) with { Why = "" }));
        Assert.Throws<ArgumentException>(() => AuditChain.Append(null, Entry(2)));
    }

    static Func<AuditEntry, AuditEntry> Alter(Func<AuditEntry, AuditEntry> alter) => alter;

    static List<ChainedAuditEntry> Log()
    {
        var log = new List<ChainedAuditEntry>();
        for (var number = 1; number <= 3; number++)
        {
            log.Add(AuditChain.Append(log.LastOrDefault(), Entry(number)));
        }

        return log;
    }

    static AuditEntry Entry(long number) => new(number, 1_000 + number, "jackpot euro-spins", "ceiling changed", "anna", "ben", "summer campaign", "50000.00", "60000.00");
}
