using Dapr.Client.Autogen.Grpc.v1;
using DotnetSdk.Running;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DotnetSdk.Checks;

[Group("jobs")]
static class JobChecks
{
    public static async Task Job_fires_with_its_data(Bench b)
    {
        var job = new Job { Name = b.NewName("job"), DueTime = "200ms", Data = Json("{\"a\":1}") };
        await ScheduleAsync(b, job);
        Expect.Equal("{\"a\":1}", (await b.Seen.WaitFor(PathOf(job), "")).Body, "data");
    }

    public static async Task Job_fires_as_often_as_it_says(Bench b)
    {
        var job = new Job { Name = b.NewName("job"), Schedule = "@every 300ms", Repeats = 2, Data = Json("1") };
        await ScheduleAsync(b, job);
        await b.Seen.WaitFor(PathOf(job), "", nth: 2);
        await Expect.Never(() => b.Seen.Count(PathOf(job), "") > 2, TimeSpan.FromSeconds(1), "it fired a third time");
    }

    public static async Task Job_is_read_back(Bench b)
    {
        var job = new Job { Name = b.NewName("job"), Schedule = "@every 1h", Data = Json("\"d\"") };
        await ScheduleAsync(b, job);
        var read = (await b.Calls.GetJobAsync(new GetJobRequest { Name = job.Name }, b.Headers)).Job;
        Expect.Equal($"{job.Name} @every 1h", $"{read.Name} {read.Schedule}", "name and schedule");
        Expect.True(read.Data.ToString().Length > 0 && read.Data.Value.ToStringUtf8().Contains("\"d\"", StringComparison.Ordinal), "data");
        await DeleteAsync(b, job.Name);
    }

    public static async Task Unknown_job_is_an_error(Bench b) => await Expect.Throws<RpcException>(async () => await b.Calls.GetJobAsync(new GetJobRequest { Name = b.NewName("job") }, b.Headers));

    public static async Task Deleted_job_does_not_fire(Bench b)
    {
        var job = new Job { Name = b.NewName("job"), DueTime = "1500ms", Data = Json("1") };
        await ScheduleAsync(b, job);
        await DeleteAsync(b, job.Name);
        await Expect.Never(() => b.Seen.Count(PathOf(job), "") > 0, TimeSpan.FromSeconds(2.5), "it fired");
    }

    public static async Task Second_job_of_the_name_is_AlreadyExists(Bench b)
    {
        var job = new Job { Name = b.NewName("job"), Schedule = "@every 1h" };
        await ScheduleAsync(b, job);
        await Expect.Refused(StatusCode.AlreadyExists, () => ScheduleAsync(b, job));
        await DeleteAsync(b, job.Name);
    }

    public static async Task Overwrite_replaces_the_job(Bench b)
    {
        var name = b.NewName("job");
        await ScheduleAsync(b, new Job { Name = name, Schedule = "@every 1h" });
        await b.Calls.ScheduleJobAsync(new ScheduleJobRequest { Job = new Job { Name = name, Schedule = "@every 2h" }, Overwrite = true }, b.Headers);
        Expect.Equal("@every 2h", (await b.Calls.GetJobAsync(new GetJobRequest { Name = name }, b.Headers)).Job.Schedule, "schedule");
        await DeleteAsync(b, name);
    }

    public static async Task Alpha_names_are_the_same_methods(Bench b)
    {
        var name = b.NewName("job");
        await b.Calls.ScheduleJobAlpha1Async(new ScheduleJobRequest { Job = new Job { Name = name, Schedule = "@every 1h" } }, b.Headers);
        Expect.Equal(name, (await b.Calls.GetJobAlpha1Async(new GetJobRequest { Name = name }, b.Headers)).Job.Name, "name");
        await b.Calls.DeleteJobAlpha1Async(new DeleteJobRequest { Name = name }, b.Headers);
    }

    public static Task Job_without_schedule_and_due_time_is_InvalidArgument(Bench b) =>
        Expect.Refused(StatusCode.InvalidArgument, () => ScheduleAsync(b, new Job { Name = b.NewName("job") }));

    static async Task ScheduleAsync(Bench b, Job job) => await b.Calls.ScheduleJobAsync(new ScheduleJobRequest { Job = job }, b.Headers);

    static async Task DeleteAsync(Bench b, string name) => await b.Calls.DeleteJobAsync(new DeleteJobRequest { Name = name }, b.Headers);

    static Any Json(string json) => new() { Value = ByteString.CopyFromUtf8(json) };

    static string PathOf(Job job) => "/job/" + job.Name;
}
