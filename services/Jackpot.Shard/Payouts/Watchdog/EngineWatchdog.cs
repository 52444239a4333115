using Jackpot.Core.Payouts;
using Jackpot.Ledger.Loops;

namespace Jackpot.Shard.Payouts.Watchdog;

/// <summary>
/// Notices a workflow engine that takes no work while everything reports health, says so, and does the mildest that helps: payouts would stand until
/// somebody restarts the shard.
/// </summary>
internal sealed partial class EngineWatchdog(WorkflowEngine engine, LoopTools tools, ILogger<EngineWatchdog> log)
    : HostedLoop(new LoopPlan("engine-watchdog", TimeSpan.FromSeconds(5), "an engine that stands still is noticed later"), tools)
{
    static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(15);

    EngineSight _sight = new(0, tools.Clock.GetUtcNow().ToUnixTimeMilliseconds(), true, null, 0);
    volatile bool _standsStill;

    /// <summary>Whether payouts wait because the engine takes none.</summary>
    public bool StandsStill => _standsStill;

    protected override async Task PassAsync(CancellationToken ct)
    {
        // While all is well a heartbeat every 15 s is enough; once one is missing the next follows at once.
        if (NowMs - _sight.TakenMs < BeatEvery.TotalMilliseconds && _sight.NowMs == _sight.TakenMs)
        {
            return;
        }

        if (await engine.BeatsAsync(ct))
        {
            if (_standsStill)
            {
                LogGoesOn(log, (NowMs - _sight.TakenMs) / 1000);
            }

            _sight = new EngineSight(NowMs, NowMs, true, null, 0);
            _standsStill = false;
            return;
        }

        _sight = _sight with { NowMs = NowMs, OthersAnswer = await engine.OthersAnswerAsync(ct) };
        _standsStill = EngineWatch.StandsStill(_sight);
        await CureAsync(EngineWatch.Next(_sight), ct);
    }

    async Task CureAsync(EngineCure cure, CancellationToken ct)
    {
        if (cure == EngineCure.None)
        {
            return;
        }

        _sight = _sight with { CuredMs = NowMs, Cures = _sight.Cures + 1 };
        Metrics.EngineCured(cure.ToString());
        LogStandsStill(log, (NowMs - _sight.TakenMs) / 1000, cure);
        switch (cure)
        {
            case EngineCure.ReopenStream:
                await engine.ReopenStreamAsync(ct);
                break;
            case EngineCure.ShutDownSidecar:
                await engine.ShutDownSidecarAsync(ct);
                break;
            default:
                engine.EndProcess();
                break;
        }
    }

    long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(EventId = 422, Level = LogLevel.Error, Message = "The workflow engine has taken no work for {Seconds} s although database and sidecar answer; payouts wait. Doing: {Cure}")]
    static partial void LogStandsStill(ILogger logger, long seconds, EngineCure cure);

    [LoggerMessage(EventId = 423, Level = LogLevel.Warning, Message = "The workflow engine takes work again after {Seconds} s")]
    static partial void LogGoesOn(ILogger logger, long seconds);
}
