using System.Globalization;
using System.Runtime.InteropServices;
using Jackpot.Bench.Baselines;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Brokers;
using Jackpot.Bench.Measures;
using Jackpot.Bench.Stages;
using Jackpot.Bench.Subscribers;
using Jackpot.LocalProcesses.Programs;

namespace Jackpot.Bench;

/// <summary>One run: circumstances, stages in order, table, file.</summary>
static class BenchProgram
{
    internal static async Task<int> RunAsync(BenchOptions options)
    {
        var report = new Report();
        Console.WriteLine(options.Quick ? "Quick run: proves that everything works, measures nothing." : "Starting the cluster to be measured ...");
        await using var probe = await SubscriberProbe.StartAsync();
        if (options.WithSlowFlush)
        {
            await SlowFlushStage.RunAsync(options, probe, report);
        }
        var steady = await MeasureOrTellAsync(options, probe, report);
        foreach (var (id, reason) in NotMeasured(options).Where(entry => options.Wants(entry.Id)))
        {
            report.NotMeasured(id, reason);
        }
        report.Print();
        report.Save(options.ResultsFile, discarded: !steady);
        Console.WriteLine($"Written to {options.ResultsFile}.");
        if (!steady)
        {
            Console.WriteLine("DISCARD THIS RUN: naive varied by more than 30 %, something else was using the machine.");
        }
        return steady ? 0 : 1;
    }

    /// <summary>A stage that fails ends the run, but not without what was measured before it: that may have taken an hour.</summary>
    static async Task<bool> MeasureOrTellAsync(BenchOptions options, SubscriberProbe probe, Report report)
    {
        try
        {
            return await MeasureAsync(options, probe, report);
        }
        catch
        {
            report.Print();
            report.Save(options.ResultsFile, discarded: true);
            throw;
        }
    }

    static IEnumerable<(string Id, string Reason)> NotMeasured(BenchOptions options)
    {
        if (!options.WithSlowFlush)
        {
            yield return ("P4", "asked for with --slow-flush");
        }
        if (options.GrowRows == 0)
        {
            yield return ("P13", "asked for with --grow");
        }
        yield return ("P18", "widgets come later");
    }

    static async Task<bool> MeasureAsync(BenchOptions options, SubscriberProbe probe, Report report)
    {
        var (steady, gatewayPerSecond) = await MeasureLocalAsync(options, probe, report);
        foreach (var (id, program, startAsync) in OtherBrokers().Where(broker => options.Wants("P22", broker.Id)))
        {
            if (program.IsThere())
            {
                await StreamStage.RunAsync(options, probe, report, id, startAsync, gatewayPerSecond);
            }
            else
            {
                report.NotMeasured(id, program.MissingText);
            }
        }
        return steady;
    }

    static IEnumerable<(string Id, NeededProgram Program, Func<Task<StreamBroker>> StartAsync)> OtherBrokers() =>
    [
        ("P22b", NeededProgram.RabbitMq, RabbitBroker.StartAsync),
        ("P22c", NeededProgram.Redis, RedisBroker.StartAsync),
    ];

    /// <summary>Whether naive was steady, and P2, which bets over other brokers are compared with.</summary>
    static async Task<(bool Steady, double GatewayPerSecond)> MeasureLocalAsync(BenchOptions options, SubscriberProbe probe, Report report)
    {
        await using var bed = await TestBed.StartAsync(options, probe);
        await DescribeAsync(report, bed);
        using var run = new BenchRun(options, bed, probe, report);
        await run.Money.StartAsync();
        var growth = options.GrowRows > 0 ? await Growth.PlanAsync(run) : null;
        // P1 is what most others are divided by, so it is always measured.
        var steady = await SinglesStage.RunAsync(run);
        foreach (var (ids, stage) in Stages(growth))
        {
            if (options.Wants(ids))
            {
                await stage(run);
            }
        }
        return (steady, run.Gateway.Median);
    }

    static IEnumerable<(string[] Ids, Func<BenchRun, Task> Stage)> Stages(Growth? growth)
    {
        yield return (["P5", "P6"], BatchStage.RunAsync);
        yield return (["P8", "P8b", "P9"], LatencyStage.RunAsync);
        yield return (["P20"], OverloadStage.RunAsync);
        yield return (["P10", "P10b", "P11", "P12", "P12b"], ShapeStage.RunAsync);
        yield return (["P21"], SafetyStage.RunAsync);
        yield return (["P16"], PayoutStage.RunAsync);
        yield return (["P22"], StreamStage.RunAsync);
        if (growth is not null)
        {
            yield return (["P13"], run => GrownStage.RunAsync(run, growth));
        }
        yield return (["P19", "P19b"], RestartStage.RunAsync);
        // Last: from then on every event is kept for the subscriber, which the other measures must not pay for.
        yield return (["P17", "P17b"], OutboxStage.RunAsync);
    }

    static async Task DescribeAsync(Report report, TestBed bed)
    {
        var flush = await FlushTime.MicrosecondsAsync(bed.Baseline.Binaries, BaselineBed.Folder);
        report.Circumstance("fdatasync", string.Create(CultureInfo.InvariantCulture, $"{flush:0} µs"));
        report.Circumstance("cpu", $"{Environment.ProcessorCount} x {CpuModel()}");
        report.Circumstance("runtime", RuntimeInformation.FrameworkDescription);
        report.Circumstance("postgres", await bed.ScalarAsync("SELECT current_setting('server_version')"));
        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "wal_compression"])
        {
            report.Circumstance($"postgres {setting}", await bed.ScalarAsync($"SELECT current_setting('{setting}')"));
        }
        report.Circumstance("at", DateTimeOffset.UtcNow.ToString("u", CultureInfo.InvariantCulture));
    }

    static string CpuModel() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
}
