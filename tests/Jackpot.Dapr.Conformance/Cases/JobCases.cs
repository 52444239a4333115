using Jackpot.Dapr.Conformance.App;
using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.6 jobs")]
static class JobCases
{
    public static async Task Job_runs_by_post_with_its_data(Bench b)
    {
        var name = b.NewName("job");
        await Schedule(b, name, "{\"dueTime\":\"200ms\",\"data\":{\"n\":5}}");
        var seen = await b.App.WaitFor(Run(name));
        Expect.Equal("POST", seen.Method, "verb");
        Expect.Contains("5", seen.Text, "data");
    }

    public static async Task Due_time_alone_runs_once(Bench b)
    {
        var name = b.NewName("job");
        await Schedule(b, name, "{\"dueTime\":\"200ms\"}");
        await b.App.WaitFor(Run(name));
        await Task.Delay(2500);
        Expect.Equal(1, b.App.Count(Run(name)), "runs");
    }

    public static async Task Every_repeats_until_it_is_deleted(Bench b)
    {
        var name = b.NewName("job");
        await Schedule(b, name, "{\"schedule\":\"@every 1s\"}");
        await b.App.WaitFor(Run(name), nth: 2);
        (await b.Delete(PathOf(name))).Is(204);
        await Task.Delay(1000);
        var count = b.App.Count(Run(name));
        await Task.Delay(2500);
        Expect.Equal(count, b.App.Count(Run(name)), "runs after the deletion");
    }

    public static async Task Repeats_limit_the_runs(Bench b)
    {
        var name = b.NewName("job");
        await Schedule(b, name, "{\"schedule\":\"@every 1s\",\"repeats\":2}");
        await b.App.WaitFor(Run(name), nth: 2);
        await Task.Delay(3000);
        Expect.Equal(2, b.App.Count(Run(name)), "runs");
    }

    public static async Task Cron_has_six_fields_with_seconds_first(Bench b)
    {
        var name = b.NewName("job");
        await Schedule(b, name, "{\"schedule\":\"*/1 * * * * *\",\"repeats\":1}");
        await b.App.WaitFor(Run(name), within: TimeSpan.FromSeconds(10));
    }

    public static async Task Get_gives_the_job(Bench b)
    {
        var name = b.NewName("job");
        await Schedule(b, name, "{\"schedule\":\"@every 1h\",\"data\":\"d\"}");
        var seen = (await b.Get(PathOf(name))).Is(200).Json;
        Expect.Equal("@every 1h", seen.GetProperty("schedule").GetString(), "schedule");
        await b.Delete(PathOf(name));
    }

    public static async Task Get_of_an_unknown_job_is_500(Bench b) => (await b.Get(PathOf(b.NewName("job")))).IsError(500, "DAPR_SCHEDULER_GET_JOB");

    public static async Task Deleted_job_is_gone(Bench b)
    {
        var name = b.NewName("job");
        await Schedule(b, name, "{\"schedule\":\"@every 1h\"}");
        (await b.Delete(PathOf(name))).Is(204);
        (await b.Get(PathOf(name))).Is(500);
    }

    public static async Task Second_job_of_the_name_is_409(Bench b)
    {
        var name = b.NewName("job");
        await Schedule(b, name, "{\"schedule\":\"@every 1h\"}");
        (await b.Post(PathOf(name), "{\"schedule\":\"@every 1h\"}")).Is(409);
        await b.Delete(PathOf(name));
    }

    public static async Task Overwrite_replaces_it(Bench b)
    {
        var name = b.NewName("job");
        await Schedule(b, name, "{\"schedule\":\"@every 1h\"}");
        await Schedule(b, name, "{\"schedule\":\"@every 2h\",\"overwrite\":true}");
        Expect.Equal("@every 2h", (await b.Get(PathOf(name))).Is(200).Json.GetProperty("schedule").GetString(), "schedule");
        await b.Delete(PathOf(name));
    }

    public static async Task Neither_schedule_nor_due_time_is_400(Bench b) =>
        (await b.Post(PathOf(b.NewName("job")), "{\"data\":1}")).IsError(400, "DAPR_SCHEDULER_SCHEDULE_EMPTY");

    public static async Task Name_in_the_body_is_400(Bench b)
    {
        var name = b.NewName("job");
        (await b.Post(PathOf(name), $"{{\"name\":\"{name}\",\"dueTime\":\"1h\"}}")).Is(400);
    }

    public static async Task Schedule_that_is_none_is_refused(Bench b) => (await b.Post(PathOf(b.NewName("job")), "{\"schedule\":\"whenever\"}")).IsRefused();

    public static async Task Failed_run_is_tried_again(Bench b)
    {
        var name = b.NewName("job");
        var left = 1;
        b.App.On(Run(name), _ => AppAnswer.Empty(Interlocked.Decrement(ref left) >= 0 ? 500 : 200));
        await Schedule(b, name, "{\"dueTime\":\"100ms\"}");
        await b.App.WaitFor(Run(name), nth: 2);
    }

    public static async Task Drop_policy_gives_a_failed_run_up(Bench b)
    {
        var name = b.NewName("job");
        b.App.On(Run(name), _ => AppAnswer.Empty(500));
        await Schedule(b, name, "{\"dueTime\":\"100ms\",\"failurePolicy\":{\"drop\":{}}}");
        await b.App.WaitFor(Run(name));
        await Task.Delay(3000);
        Expect.Equal(1, b.App.Count(Run(name)), "runs");
    }

    public static async Task Constant_policy_limits_the_tries(Bench b)
    {
        var name = b.NewName("job");
        b.App.On(Run(name), _ => AppAnswer.Empty(500));
        await Schedule(b, name, "{\"dueTime\":\"100ms\",\"failurePolicy\":{\"constant\":{\"interval\":\"0.5s\",\"maxRetries\":1}}}");
        await b.App.WaitFor(Run(name), nth: 2);
        await Task.Delay(2500);
        Expect.Equal(2, b.App.Count(Run(name)), "runs");
    }

    public static async Task Interval_of_a_policy_is_a_protobuf_duration_and_no_Go_duration(Bench b) =>
        (await b.Post(PathOf(b.NewName("job")), "{\"dueTime\":\"1h\",\"failurePolicy\":{\"constant\":{\"interval\":\"500ms\",\"maxRetries\":1}}}"))
            .IsError(400, "ERR_MALFORMED_REQUEST");

    public static async Task Status_404_counts_as_done(Bench b)
    {
        var name = b.NewName("job");
        b.App.On(Run(name), _ => AppAnswer.Empty(404));
        await Schedule(b, name, "{\"dueTime\":\"100ms\"}");
        await b.App.WaitFor(Run(name));
        await Task.Delay(3000);
        Expect.Equal(1, b.App.Count(Run(name)), "runs");
    }

    public static async Task Alpha1_is_the_same_endpoint(Bench b)
    {
        var name = b.NewName("job");
        (await b.Post($"/v1.0-alpha1/jobs/{name}", "{\"dueTime\":\"100ms\"}")).Is(204);
        await b.App.WaitFor(Run(name));
    }

    static string PathOf(string name) => $"/v1.0/jobs/{name}";

    static string Run(string name) => $"/job/{name}";

    static async Task Schedule(Bench b, string name, string body) => (await b.Post(PathOf(name), body)).Is(204);
}
