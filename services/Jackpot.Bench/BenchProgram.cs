using System.Globalization;
using System.Runtime.InteropServices;
using Jackpot.Bench.Baselines;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Measures;
using Jackpot.Bench.Stages;

namespace Jackpot.Bench;

/// <summary>One run: circumstances, stages in order, table, file.</summary>
static class BenchProgram
{
    static readonly (string Id, string Reason)[] NotYet =
    [
        ("P10b", "10,000 jackpots are not loaded yet"),
        ("P13", "needs --grow, which is not built yet"),
        ("P17", "no subscriber probe yet"),
        ("P18", "widgets come later"),
        ("P21", "no switches to turn one feature off yet"),
    ];

    internal static async Task<int> RunAsync(BenchOptions options)
    {
        var report = new Report();
        Console.WriteLine(options.Quick ? "Quick run: proves that everything works, measures nothing." : "Starting the cluster to be measured ...");
        var steady = await MeasureAsync(options, report);
        if (options.WithSlowFlush)
        {
            await SlowFlushStage.RunAsync(options, report);
        }
        else if (options.Wants("P4"))
        {
            report.NotMeasured("P4", "asked for with --slow-flush");
        }
        foreach (var (id, reason) in NotYet.Where(entry => options.Wants(entry.Id)))
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

    static async Task<bool> MeasureAsync(BenchOptions options, Report report)
    {
        await using var bed = await TestBed.StartAsync(options);
        await DescribeAsync(report, bed);
        using var run = new BenchRun(options, bed, report);
        return await StagesAsync(run);
    }

    static async Task<bool> StagesAsync(BenchRun run)
    {
        // P1 is what most others are divided by, so it is always measured.
        var steady = await SinglesStage.RunAsync(run);
        if (run.Options.Wants("P5", "P6"))
        {
            await BatchStage.RunAsync(run);
        }
        if (run.Options.Wants("P8", "P9", "P20"))
        {
            await LatencyStage.RunAsync(run);
        }
        await ShapeStage.RunAsync(run);
        if (run.Options.Wants("P16"))
        {
            await PayoutStage.RunAsync(run);
        }
        if (run.Options.Wants("P19"))
        {
            await RestartStage.RunAsync(run);
        }
        return steady;
    }

    static async Task DescribeAsync(Report report, TestBed bed)
    {
        var flush = await FlushTime.MicrosecondsAsync(bed.Binaries, Path.GetTempPath());
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
