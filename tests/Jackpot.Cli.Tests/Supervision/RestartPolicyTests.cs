using Jackpot.Cli.Supervision;

namespace Jackpot.Cli.Tests.Supervision;

public sealed class RestartPolicyTests
{
    [Fact]
    public void After_a_good_run_the_next_start_comes_at_once() => Assert.Equal(TimeSpan.Zero, RestartPolicy.PauseAfter(0));

    [Fact]
    public void Pauses_grow_up_to_five_seconds_and_then_stay()
    {
        var pauses = Enumerable.Range(1, RestartPolicy.ShortRunsMax).Select(runs => RestartPolicy.PauseAfter(runs)!.Value).ToArray();

        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(TimeSpan.FromMilliseconds(100), pauses[0]);
        Assert.Equal(TimeSpan.FromSeconds(5), pauses[^1]);
    }

    [Fact]
    public void A_process_that_never_stays_up_is_given_up() => Assert.Null(RestartPolicy.PauseAfter(RestartPolicy.ShortRunsMax + 1));

    [Fact]
    public void PostgreSQL_is_tried_again_within_a_quarter_of_a_second_for_a_minute()
    {
        var pauses = Enumerable.Range(1, RestartPolicy.PostgresShortRunsMax).Select(runs => RestartPolicy.PostgresPauseAfter(runs)!.Value).ToArray();

        Assert.All(pauses, pause => Assert.InRange(pause, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(250)));
        Assert.InRange(pauses.Sum(pause => pause.TotalSeconds), 55, 65);
        Assert.Null(RestartPolicy.PostgresPauseAfter(RestartPolicy.PostgresShortRunsMax + 1));
    }
}
