using System.Globalization;

namespace Jackpot.Bench.Bed;

/// <summary>How much memory a process holds, from /proc.</summary>
static class ProcessMemory
{
    const double KilobytesPerMegabyte = 1024;

    internal static double ResidentMegabytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / KilobytesPerMegabyte;
    }
}
