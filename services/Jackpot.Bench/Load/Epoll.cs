using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Jackpot.Bench.Load;

/// <summary>The few calls of Linux's epoll and sockets that a load generator needs to stay cheap beside what it measures.</summary>
sealed class Epoll : IDisposable
{
    internal const int EventsMax = 256;
    const int ControlAdd = 1;
    const uint Readable = 1;
    const int TryAgain = 11;
    const int Interrupted = 4;

    readonly int _handle = Check(Native.epoll_create1(0));
    readonly Event[] _events = new Event[EventsMax];

    internal void Add(int socket, int number)
    {
        var wanted = new Event { Events = Readable, Data = number };
        Check(Native.epoll_ctl(_handle, ControlAdd, socket, ref wanted));
    }

    /// <summary>Waits for readable sockets; answers how many there are.</summary>
    internal int Wait(int timeoutMs)
    {
        var count = Native.epoll_wait(_handle, _events, EventsMax, timeoutMs);
        return count >= 0 || Marshal.GetLastPInvokeError() == Interrupted ? Math.Max(count, 0) : Check(count);
    }

    /// <summary>The number that the n-th readable socket was added with.</summary>
    internal int Number(int n) => (int)_events[n].Data;

    /// <summary>Bytes received; 0 at the end of the stream or after a reset; -1 when nothing waits.</summary>
    internal static int Receive(int socket, Span<byte> buffer)
    {
        var count = (int)Native.recv(socket, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length, 0);
        return count >= 0 ? count : Marshal.GetLastPInvokeError() is TryAgain or Interrupted ? -1 : 0;
    }

    /// <summary>Sends everything; a full send buffer is waited for, which on loopback takes microseconds. False when the peer is gone.</summary>
    internal static bool Send(int socket, ReadOnlySpan<byte> bytes)
    {
        const int NoSignal = 0x4000;
        while (bytes.Length > 0)
        {
            var count = (int)Native.send(socket, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, NoSignal);
            if (count > 0)
            {
                bytes = bytes[count..];
            }
            else if (Marshal.GetLastPInvokeError() is not (TryAgain or Interrupted))
            {
                return false;
            }
        }
        return true;
    }

    public void Dispose() => Check(Native.close(_handle));

    static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    struct Event
    {
        internal uint Events;
        internal long Data;
    }

    static class Native
    {
#pragma warning disable CA5392, SYSLIB1054, IDE1006 // libc is the only library of that name; blittable arguments need no generated marshalling
        [DllImport("libc", SetLastError = true)]
        internal static extern int epoll_create1(int flags);
        [DllImport("libc", SetLastError = true)]
        internal static extern int epoll_ctl(int epoll, int operation, int socket, ref Event wanted);
        [DllImport("libc", SetLastError = true)]
        internal static extern int epoll_wait(int epoll, [Out] Event[] events, int max, int timeout);
        [DllImport("libc", SetLastError = true)]
        internal static extern nint recv(int socket, ref byte buffer, nuint length, int flags);
        [DllImport("libc", SetLastError = true)]
        internal static extern nint send(int socket, ref byte buffer, nuint length, int flags);
        [DllImport("libc", SetLastError = true)]
        internal static extern int close(int handle);
#pragma warning restore CA5392, SYSLIB1054, IDE1006
    }
}
