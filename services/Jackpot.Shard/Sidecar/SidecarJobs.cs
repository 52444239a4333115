using System.Globalization;
using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;
using Grpc.Net.Client;
using DaprGrpc = Dapr.Client.Autogen.Grpc.v1.Dapr;

namespace Jackpot.Shard.Sidecar;

/// <summary>
/// Schedules jobs that the sidecar runs against <c>POST /job/{name}</c> of this application, at least once per tick. The SDK's own jobs client is not
/// published for every feed; this is the little of it that is needed, on the protocol's client.
/// </summary>
internal sealed class SidecarJobs(DaprGrpc.DaprClient dapr, string? token) : IDisposable
{
    static readonly TimeSpan CallMax = TimeSpan.FromSeconds(10);

    GrpcChannel? _channel;

    /// <summary>The sidecar of <c>DAPR_GRPC_ENDPOINT</c> or <c>DAPR_GRPC_PORT</c>, with <c>DAPR_API_TOKEN</c> where one is set.</summary>
    public static SidecarJobs Of(IConfiguration configuration)
    {
        var endpoint = configuration["DAPR_GRPC_ENDPOINT"] is { Length: > 0 } named ? named : $"http://127.0.0.1:{configuration["DAPR_GRPC_PORT"] ?? "50001"}";
        var channel = GrpcChannel.ForAddress(endpoint);
        return new SidecarJobs(new DaprGrpc.DaprClient(channel), configuration["DAPR_API_TOKEN"]) { _channel = channel };
    }

    /// <summary>
    /// Schedules a recurring job unless it is scheduled like that already: a start of the application then does not begin its interval anew, which would
    /// keep a job from ever running whose application starts more often than that. A job of this name with another schedule is replaced.
    /// </summary>
    /// <exception cref="RpcException">The sidecar refused it, or its answer was lost.</exception>
    public async Task KeepScheduledAsync(string name, TimeSpan interval, CancellationToken ct)
    {
        var job = new Job { Name = name, Schedule = "@every " + GoDuration(interval) };
        try
        {
            await ScheduleAsync(job, overwrite: false, ct);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            if ((await dapr.GetJobAsync(new GetJobRequest { Name = name }, Options(ct))).Job.Schedule != job.Schedule)
            {
                await ScheduleAsync(job, overwrite: true, ct);
            }
        }
    }

    /// <summary>Runs a job once, at that time; one of the same name that has not run yet is replaced.</summary>
    /// <exception cref="RpcException">The sidecar refused it, or its answer was lost.</exception>
    public Task ScheduleOnceAsync(string name, DateTimeOffset at, CancellationToken ct) => ScheduleAsync(
        new Job { Name = name, DueTime = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) }, overwrite: true, ct);

    async Task ScheduleAsync(Job job, bool overwrite, CancellationToken ct) =>
        await dapr.ScheduleJobAsync(new ScheduleJobRequest { Job = job, Overwrite = overwrite }, Options(ct));

    CallOptions Options(CancellationToken ct)
    {
        var headers = new Metadata();
        if (token is { Length: > 0 })
        {
            headers.Add("dapr-api-token", token);
        }

        return new CallOptions(headers, DateTime.UtcNow + CallMax, ct);
    }

    static string GoDuration(TimeSpan interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)interval.TotalHours}h{interval.Minutes}m{interval.Seconds}s{interval.Milliseconds}ms");

    public void Dispose() => _channel?.Dispose();
}
