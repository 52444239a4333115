using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Requests;

/// <summary>Gives everything under /v1/audit the deadline of a <see cref="LongRead"/>, and tells its caller when that is over.</summary>
internal static partial class LongReadEndpoints
{
    static readonly PathString Endpoints = "/v1/audit";

    public static void UseLongReads(this WebApplication app)
    {
        var max = app.Services.GetRequiredService<ShardOptions>().LongReadMax;
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LongReadEndpoints));
        app.UseWhen(http => http.Request.Path.StartsWithSegments(Endpoints), endpoints => endpoints.Use((http, next) => RunAsync(http, next, max, log)));
    }

    /// <summary>What a caller can do about it.</summary>
    public static string Detail(TimeSpan max) =>
        $"nothing was read for {max}. Ask for less: one jackpot, fewer days, an earlier 'to'. If that takes long as well, the database is busy or has "
        + "not yet analysed its tables, which this shard has it do by itself; Shard:LongReadMax allows more time";

    static async Task RunAsync(HttpContext http, RequestDelegate next, TimeSpan max, ILogger log)
    {
        var caller = http.RequestAborted;
        using var read = LongRead.Begin(max, caller);
        http.RequestAborted = read.Token;
        try
        {
            await next(http);
        }
        catch (Exception fault) when (LongRead.TimedOut(fault) && !caller.IsCancellationRequested)
        {
            LogTimedOut(log, http.Request.Path, max, fault);
            http.RequestAborted = caller;
            await TellAsync(http, max);
        }
        finally
        {
            http.RequestAborted = caller;
        }
    }

    static Task TellAsync(HttpContext http, TimeSpan max)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.Clear();
            return Problem.WriteAsync(http, Refusal.ReadTimedOut, Detail(max));
        }

        // Half an answer must not look like a whole one.
        http.Abort();
        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 540, Level = LogLevel.Warning, Message = "Reading for {Path} got no further within {Max} and was ended")]
    static partial void LogTimedOut(ILogger logger, string path, TimeSpan max, Exception exception);
}
