using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Jackpot.LocalDapr.Apps;
using Jackpot.LocalDapr.Schedules;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Jobs;

/// <summary>Delivers a job's tick to one instance of its app: POST /job/{name}. 200 and 404 count as done.</summary>
sealed partial class JobDelivery(Func<IReadOnlyList<Sidecar>> sidecars, ILogger<JobDelivery> logger)
{
    static readonly MediaTypeHeaderValue Json = new("application/json");

    int _next;

    public async Task<TickResult> DeliverAsync(ScheduleEntry entry, CancellationToken cancellation)
    {
        var instances = sidecars().Where(sidecar =>
            sidecar.Options.AppId == entry.Key.Owner && sidecar.Options.Namespace == entry.Key.Namespace && sidecar.TakesJobs).ToArray();
        if (instances.Length == 0)
        {
            return TickResult.Undeliverable;
        }
        var app = instances[(Interlocked.Increment(ref _next) & int.MaxValue) % instances.Length].App!;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{app.BaseAddress}/job/{Uri.EscapeDataString(entry.Key.Name)}");
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(entry.Data ?? ""));
            request.Content.Headers.ContentType = Json;
            using var answer = await app.SendAsync(request, cancellation);
            if (answer.StatusCode is HttpStatusCode.NotFound || answer.IsSuccessStatusCode)
            {
                return TickResult.Done;
            }
            LogFailed(entry.Key.Name, $"the app answered {(int)answer.StatusCode}");
            return TickResult.Failed;
        }
        catch (AppUnhealthyException)
        {
            return TickResult.Undeliverable;
        }
        catch (HttpRequestException unreachable)
        {
            LogFailed(entry.Key.Name, unreachable.Message);
            return TickResult.Failed;
        }
    }

    [LoggerMessage(1100, LogLevel.Warning, "Job {Name} failed: {Cause}")]
    partial void LogFailed(string name, string cause);
}
