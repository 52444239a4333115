using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Jackpot.LocalProcesses;

/// <summary>Finds TCP ports on 127.0.0.1 that nobody listens on at this moment, each for one process at a time.</summary>
/// <remarks>
/// Until it ends, the process that was told a port holds a lock on a file of its name, so that no other is told the same port before the
/// server that it is for listens. The ports lie below the kernel's ephemeral range, because a port out of that range can be taken by somebody's
/// outgoing connection between the question and the server's start.
/// </remarks>
public static class FreePort
{
    const int First = 18_000;
    const int Last = 32_000;
    const int AttemptsMax = 500;

    /// <summary>The locks of this process.</summary>
    static readonly ConcurrentDictionary<int, FileStream> Told = new();

    /// <summary>One free port. Throws <see cref="InvalidOperationException"/> when none was found in 500 attempts.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            if (TryTake(port))
            {
                return port;
            }
        }
        throw new InvalidOperationException($"No free TCP port between {First} and {Last} on 127.0.0.1 after {AttemptsMax} attempts.");
    }

    /// <summary>The first of <paramref name="count"/> free ports in a row.</summary>
    public static int NextRange(int count)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var first = Random.Shared.Next(First, Last - count);
            if (Enumerable.Range(first, count).All(TryTake))
            {
                return first;
            }
        }
        throw new InvalidOperationException($"No {count} free TCP ports in a row between {First} and {Last} on 127.0.0.1.");
    }

    static bool TryTake(int port)
    {
        if (!IsFree(port))
        {
            return false;
        }

        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"jackpot-ports-{Environment.UserName}")).FullName;
            var held = new FileStream(Path.Combine(folder, $"{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (Told.TryAdd(port, held))
            {
                return true;
            }

            held.Dispose();
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a server could listen on 127.0.0.1:<paramref name="port"/> now.</summary>
    public static bool IsFree(int port)
    {
        // Like the servers that will use it: with SO_REUSEADDR connections in TIME_WAIT do not count, listeners do.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
