using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Wallet.Faults;

/// <summary>One unpleasant thing that a real wallet does to its callers.</summary>
[JsonConverter(typeof(FaultKindJson))]
enum FaultKind
{
    /// <summary>No effect and no answer; the caller runs into its time-out.</summary>
    TimeoutBeforeEffect,
    /// <summary>No effect, and the answer is a 500.</summary>
    ErrorBeforeEffect,
    /// <summary>The money moved, and no answer comes.</summary>
    TimeoutAfterEffect,
    /// <summary>The money moved, and the answer is a 500.</summary>
    ErrorAfterEffect,
    /// <summary>The money moved, and the connection breaks in the middle of the answer.</summary>
    ResetAfterEffect,
    /// <summary>Everything is right, only late.</summary>
    Slow,
    /// <summary>Refused, with the reason that was asked for.</summary>
    Refuse,
    /// <summary>The money moved, and the answer is about a transaction of another player.</summary>
    AnswerAboutAnother,
    /// <summary>The money moved, and the answer names another amount.</summary>
    AnswerWithAnotherAmount,
    /// <summary>The money moved, and the answer stands twice in its body.</summary>
    AnswerTwice,
    /// <summary>The money moved, and the answer is a 200 that tells of an error.</summary>
    ErrorInOk,
    /// <summary>The money moved, and the answer is a page for people, with status 200.</summary>
    HtmlPage,
    /// <summary>The money moved, and the answer is that nobody knows of it, with status 404.</summary>
    DeniesAll,
}

sealed class FaultKindJson() : JsonStringEnumConverter<FaultKind>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary>Which calls a fault waits for.</summary>
[JsonConverter(typeof(FaultyCallsJson))]
enum FaultyCalls
{
    Credits,
    Queries,
}

sealed class FaultyCallsJson() : JsonStringEnumConverter<FaultyCalls>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

enum FaultStep { GoOn, NoEffect, NoAnswer }

sealed record Fault(FaultKind Kind, TimeSpan Delay, string Reason)
{
    static readonly TimeSpan HoldMax = TimeSpan.FromMinutes(2);

    internal string? Refusal => Kind == FaultKind.Refuse ? Reason : null;

    internal async Task<FaultStep> BeforeEffectAsync(HttpContext http)
    {
        switch (Kind)
        {
            case FaultKind.TimeoutBeforeEffect:
                await HoldAsync(http);
                return FaultStep.NoAnswer;
            case FaultKind.ErrorBeforeEffect:
                return FaultStep.NoEffect;
            case FaultKind.Slow:
                await Task.Delay(Delay);
                return FaultStep.GoOn;
            default:
                return FaultStep.GoOn;
        }
    }

    internal async Task<FaultStep> AfterEffectAsync(HttpContext http)
    {
        switch (Kind)
        {
            case FaultKind.TimeoutAfterEffect:
                await HoldAsync(http);
                return FaultStep.NoAnswer;
            case FaultKind.ResetAfterEffect:
                http.Response.ContentLength = 100;
                await http.Response.WriteAsync("{\"transaction_id\":");
                await http.Response.Body.FlushAsync();
                return FaultStep.NoAnswer;
            default:
                return FaultStep.GoOn;
        }
    }

    /// <summary>Holds the request until the caller gives up, or for the delay that was asked for.</summary>
    async Task HoldAsync(HttpContext http)
    {
        var hold = Delay > TimeSpan.Zero ? Delay : HoldMax;
        await Task.Delay(hold, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

/// <summary>Breaks the connection in place of an answer.</summary>
sealed class LostAnswer : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Abort();
        return Task.CompletedTask;
    }
}
