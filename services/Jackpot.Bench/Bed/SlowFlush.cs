using Jackpot.Bench.Baselines;

namespace Jackpot.Bench.Bed;

/// <summary>A disk as slow to flush as a usual cloud volume: a shared object that lets PostgreSQL's fdatasync sleep after the real call.</summary>
static class SlowFlush
{
    /// <summary>`jackpot up` hands this on to PostgreSQL, and to nobody else, as LD_PRELOAD.</summary>
    internal const string PreloadVariable = "JACKPOT_POSTGRES_PRELOAD";
    const string SleepMicroseconds = "900";

    const string Source = $$"""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <unistd.h>
        int fdatasync(int fd) {
            static int (*real)(int);
            if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
            int result = real(fd);
            usleep({{SleepMicroseconds}});
            return result;
        }
        """;

    internal static bool IsPossible => Tool.Exists("gcc");

    /// <summary>Builds the shared object and has every cluster that is started from now on use it.</summary>
    internal static async Task<string> SwitchOnAsync()
    {
        // PostgreSQL's account must be able to read it, hence not in a folder of ours alone.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"jackpot-slow-flush-{Environment.ProcessId}")).FullName;
        var (source, library) = (Path.Combine(folder, "flush.c"), Path.Combine(folder, "flush.so"));
        await File.WriteAllTextAsync(source, Source);
        await Tool.RunAsync("gcc", ["-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"]);
        Environment.SetEnvironmentVariable(PreloadVariable, library);
        return folder;
    }

    internal static void SwitchOff(string folder)
    {
        Environment.SetEnvironmentVariable(PreloadVariable, null);
        Directory.Delete(folder, recursive: true);
    }
}
