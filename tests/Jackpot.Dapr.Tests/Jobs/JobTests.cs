using System.Net;
using System.Text;
using Jackpot.Dapr.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Dapr.Tests.Jobs;

public sealed class JobTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_is_scheduled_with_its_data_policy_and_no_name_in_the_body()
    {
        await using var app = await TestApp.StartAsync(services => services.AddDaprJobsClient(), _ => { });

        await app.Services.GetRequiredService<DaprJobsClient>().ScheduleJobAsync(
            "sweep", DaprJobSchedule.FromDuration(TimeSpan.FromSeconds(90)), Encoding.UTF8.GetBytes("""{"a":1}"""), repeats: 5, overwrite: true,
            failurePolicy: DaprJobFailurePolicy.Constant(TimeSpan.FromSeconds(2.5), 4), cancellationToken: Ct);

        Assert.Equal("/v1.0/jobs/sweep", app.Sidecar.Only.PathAndQuery);
        Assert.Equal(
            """{"schedule":"@every 0h1m30s0ms","repeats":5,"data":{"a":1},"overwrite":true,"failurePolicy":{"constant":{"interval":"2.5s","maxRetries":4}}}""",
            app.Sidecar.Only.Body);
    }

    [Fact]
    public async Task Callback_gets_name_and_payload_and_a_failure_is_500()
    {
        var seen = new List<string>();
        await using var app = await TestApp.StartAsync(_ => { }, web => web.MapDaprScheduledJobHandler((name, payload, _) =>
        {
            seen.Add($"{name}:{Encoding.UTF8.GetString(payload.Span)}");
            return name == "bad" ? throw new InvalidOperationException("job") : Task.CompletedTask;
        }));

        using var good = await app.Http.PostAsync("/job/sweep", new StringContent("""{"a":1}"""), Ct);
        using var bad = await app.Http.PostAsync("/job/bad", null, Ct);

        Assert.Equal(["""sweep:{"a":1}""", "bad:"], seen);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, bad.StatusCode);
    }

    [Fact]
    public async Task Callback_that_takes_too_long_is_500()
    {
        await using var app = await TestApp.StartAsync(_ => { }, web =>
            web.MapDaprScheduledJobHandler((_, _, token) => Task.Delay(Timeout.Infinite, token), TimeSpan.FromMilliseconds(100)));

        using var response = await app.Http.PostAsync("/job/slow", null, Ct);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }
}
