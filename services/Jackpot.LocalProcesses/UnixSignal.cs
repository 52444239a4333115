using System.Runtime.InteropServices;

namespace Jackpot.LocalProcesses;

/// <summary>Signals to one process, by pid and never by name.</summary>
public static class UnixSignal
{
    /// <summary>SIGINT: PostgreSQL's fast shutdown.</summary>
    public const int Interrupt = 2;
    /// <summary>SIGQUIT: PostgreSQL's immediate shutdown.</summary>
    public const int Quit = 3;
    /// <summary>SIGKILL: no chance to say goodbye.</summary>
    public const int Kill = 9;
    /// <summary>SIGTERM: please stop.</summary>
    public const int Terminate = 15;
    /// <summary>SIGCONT: go on after SIGSTOP.</summary>
    public const int Continue = 18;
    /// <summary>SIGSTOP: freeze, as a long garbage collection or a paused virtual machine would.</summary>
    public const int Stop = 19;

    /// <summary>Sends <paramref name="signal"/>; false when no such process exists any more.</summary>
    public static bool Send(int pid, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 2);
        return Native.kill(pid, signal) == 0;
    }

    /// <summary>Whether a process with this pid exists (a zombie that nobody has waited for does not count).</summary>
    public static bool IsAlive(int pid) => ProcessState(pid) is not (null or 'Z' or 'X');

    /// <summary>Kernel start time of the process in clock ticks, which tells it from a later one with the same pid.</summary>
    public static long? StartTicks(int pid) =>
        StatFields(pid) is { Length: > 19 } fields ? long.Parse(fields[19]) : null;

    static char? ProcessState(int pid) => StatFields(pid) is { Length: > 0 } fields ? fields[0][0] : null;

    /// <summary>Fields 3 and following of /proc/pid/stat; the command name before them may hold spaces and brackets.</summary>
    static string[]? StatFields(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return null;
        }
    }

    static class Native
    {
#pragma warning disable CA5392, SYSLIB1054, IDE1006 // libc is the only library of that name on the system; a two-integer call needs no generated marshalling
        [DllImport("libc", SetLastError = true)]
        internal static extern int kill(int pid, int signal);
#pragma warning restore CA5392, SYSLIB1054, IDE1006
    }
}
