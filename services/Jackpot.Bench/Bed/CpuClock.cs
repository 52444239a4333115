using System.Globalization;

namespace Jackpot.Bench.Bed;

/// <summary>CPU time of processes and their children, from /proc.</summary>
static class CpuClock
{
    /// <summary>Linux counts in ticks of a hundredth of a second on every architecture that .NET runs on.</summary>
    const double TicksPerSecond = 100;

    internal static TimeSpan Of(IReadOnlyCollection<int> roots)
    {
        long ticks = 0;
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } stat
                && (roots.Contains(pid) || roots.Contains(stat.Parent)))
            {
                // A backend's time counts when it is alive, or waited for by its parent.
                ticks += stat.Own + (roots.Contains(pid) ? stat.WaitedFor : 0);
            }
        }
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    static (int Parent, long Own, long WaitedFor)? Read(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
            return ((int)Field(4), Field(14) + Field(15), Field(16) + Field(17));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
