using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;

namespace Jackpot.Bench.Stages;

/// <summary>What contributions cost besides time: write-ahead log and CPU.</summary>
sealed class CostMeter(TestBed bed)
{
    double _wal, _cpu, _shard, _dapr, _postgres;
    long _contributions;

    internal double WalBytesPerContribution => _wal / _contributions;

    internal double CpuSecondsPerMillion => PerMillion(_cpu);

    internal string Parts => $"shard {PerMillion(_shard):0}, localdapr {PerMillion(_dapr):0}, postgres {PerMillion(_postgres):0}";

    internal async Task MeasureAsync(Func<LoadResult> drive, Series rates)
    {
        var before = await ReadAsync();
        var result = drive();
        var after = await ReadAsync();
        rates.Add(result.PerSecond);
        _contributions += result.Accepted;
        _wal += after.Wal - before.Wal;
        _cpu += after.Cpu - before.Cpu;
        _shard += after.Shard - before.Shard;
        _dapr += after.Dapr - before.Dapr;
        _postgres += after.Postgres - before.Postgres;
    }

    async Task<(double Wal, double Cpu, double Shard, double Dapr, double Postgres)> ReadAsync()
    {
        var wal = double.Parse(await bed.ScalarAsync("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"), System.Globalization.CultureInfo.InvariantCulture);
        double Of(string name) => CpuClock.Of([bed.ProcessId(name)]).TotalSeconds;
        return (wal, bed.ServerCpu().TotalSeconds, Of("shard-eu-mt-1"), Of("localdapr-eu-mt"), Of("postgres-eu-mt"));
    }

    double PerMillion(double seconds) => seconds / _contributions * 1_000_000;
}
