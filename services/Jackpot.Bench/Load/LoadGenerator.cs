using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Jackpot.Bench.Load;

/// <summary>
/// One thread that keeps many HTTP/1.1 connections busy, at a <see cref="Pace"/>.
/// </summary>
sealed class LoadGenerator : IDisposable
{
    const int AnswerBytesMin = 4 * 1024;
    const int AnswerBytesMax = 4 * 1024 * 1024;
    const int LatenciesMax = 8_000_000;
    static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(10);

    readonly Epoll _epoll = new();
    readonly Connection[] _connections;
    readonly Uri _target;

    internal LoadGenerator(Uri target, int connections)
    {
        _target = target;
        _connections = [.. Enumerable.Range(0, connections).Select(number => Connect(number))];
    }

    internal LoadResult Run(RequestSource source, TimeSpan duration, Pace pace)
    {
        var run = new RunState(source, pace, Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency));
        var idle = new Queue<int>(Enumerable.Range(0, _connections.Length));
        var started = Stopwatch.GetTimestamp();
        while (run.InFlight > 0 || Stopwatch.GetTimestamp() < run.End)
        {
            while (idle.Count > 0 && run.Due() is { } intended)
            {
                Begin(_connections[idle.Dequeue()], run, intended);
            }
            if (idle.Count == 0)
            {
                run.SkipTurns();
            }
            var ready = _epoll.Wait(pace.Loop == Loop.Closed ? 100 : 1);
            for (var n = 0; n < ready; n++)
            {
                if (Continue(_connections[_epoll.Number(n)], run))
                {
                    idle.Enqueue(_epoll.Number(n));
                }
            }
            if (Stopwatch.GetElapsedTime(run.End) > DrainDeadline)
            {
                run.Unanswered += run.InFlight;
                break;
            }
        }
        var elapsed = Stopwatch.GetElapsedTime(started);
        var latencies = run.Latencies.ToArray();
        Array.Sort(latencies);
        return new LoadResult
        {
            // What was accepted while the last answers were waited for counts, and so does that time.
            Duration = elapsed < duration ? duration : elapsed,
            Accepted = run.Accepted,
            Replayed = run.Replayed,
            Refused = run.Refused,
            ToComeAgain = run.ToComeAgain,
            InDoubt = run.InDoubt,
            Unanswered = run.Unanswered,
            NotSent = run.NotSent,
            LatenciesUs = latencies,
        };
    }

    static void Begin(Connection connection, RunState run, long intended)
    {
        var length = run.Source.Write(connection.RequestBuffer(run.Source.BytesMax));
        connection.Started = intended;
        connection.Received = 0;
        connection.Answer = default;
        run.InFlight++;
        if (!Epoll.Send(connection.Handle, connection.Request.AsSpan(0, length)))
        {
            connection.Broken = true;
        }
    }

    /// <summary>Reads what is there; true when the connection is free again.</summary>
    bool Continue(Connection connection, RunState run)
    {
        var count = connection.Broken ? 0 : Epoll.Receive(connection.Handle, connection.Free());
        if (count < 0)
        {
            return false;
        }
        if (count == 0)
        {
            run.InFlight--;
            run.Unanswered++;
            Replace(connection);
            return true;
        }
        connection.Received += count;
        if (!connection.Answer.IsComplete(connection.Buffer.AsSpan(0, connection.Received)))
        {
            return false;
        }
        run.Finish(connection);
        return true;
    }

    void Replace(Connection connection)
    {
        connection.Socket.Dispose();
        try
        {
            connection.Socket = Open();
        }
        catch (SocketException)
        {
            // The server is down; the next request on this connection fails at once and is counted as unanswered.
            connection.Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        }
        connection.Broken = !connection.Socket.Connected;
        _epoll.Add(connection.Handle, connection.Number);
    }

    Connection Connect(int number)
    {
        var connection = new Connection(number, Open());
        _epoll.Add(connection.Handle, number);
        return connection;
    }

    Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, _target.Port));
        socket.Blocking = false;
        return socket;
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Socket.Dispose();
        }
        _epoll.Dispose();
    }

    sealed class Connection(int number, Socket socket)
    {
        internal int Number { get; } = number;
        internal Socket Socket { get; set; } = socket;
        internal int Handle => (int)Socket.Handle;
        internal byte[] Buffer { get; private set; } = new byte[AnswerBytesMin];
        internal byte[] Request { get; private set; } = [];
        internal int Received { get; set; }
        internal long Started { get; set; }
        internal bool Broken { get; set; }
        internal AnswerReader Answer;

        /// <summary>Room for more of the answer.</summary>
        internal Span<byte> Free()
        {
            if (Received == Buffer.Length)
            {
                var grown = new byte[Buffer.Length < AnswerBytesMax ? Buffer.Length * 2 : throw new InvalidOperationException($"An answer is longer than {AnswerBytesMax} bytes.")];
                Buffer.CopyTo(grown, 0);
                Buffer = grown;
            }
            return Buffer.AsSpan(Received);
        }

        internal Span<byte> RequestBuffer(int bytes) => Request.Length >= bytes ? Request : Request = new byte[bytes];
    }

    sealed class RunState(RequestSource source, Pace pace, long end)
    {
        readonly double _ticksPerRequest = pace.PerSecond > 0 ? Stopwatch.Frequency / pace.PerSecond : 0;
        double _nextDue = Stopwatch.GetTimestamp();

        internal RequestSource Source { get; } = source;
        internal long End { get; } = end;
        internal long InFlight { get; set; }
        internal long Accepted { get; private set; }
        internal long Replayed { get; private set; }
        internal long Refused { get; private set; }
        internal long ToComeAgain { get; private set; }
        internal long InDoubt { get; private set; }
        internal long Unanswered { get; set; }
        internal long NotSent { get; private set; }
        internal List<int> Latencies { get; } = [];

        /// <summary>The moment that the next request's latency counts from, if its turn has come.</summary>
        internal long? Due()
        {
            var now = Stopwatch.GetTimestamp();
            if (now >= End)
            {
                return null;
            }
            if (pace.Loop == Loop.Closed)
            {
                return now;
            }
            if (_nextDue > now)
            {
                return null;
            }
            var due = (long)_nextDue;
            _nextDue += _ticksPerRequest;
            return pace.Loop == Loop.Overload ? now : due;
        }

        /// <summary>In an overload, turns that come while no connection is free are gone.</summary>
        internal void SkipTurns()
        {
            var missed = pace.Loop == Loop.Overload ? (long)((Stopwatch.GetTimestamp() - _nextDue) / _ticksPerRequest) : 0;
            if (missed > 0)
            {
                NotSent += missed;
                _nextDue += missed * _ticksPerRequest;
            }
        }

        internal void Finish(Connection connection)
        {
            InFlight--;
            ref readonly var answer = ref connection.Answer;
            var accepted = answer.Status == AnswerReader.Ok ? Source.ItemsPerRequest - answer.ItemsRefused : 0;
            var refused = Source.ItemsPerRequest - accepted;
            Accepted += accepted;
            Replayed += answer.IsReplay ? accepted : 0;
            Refused += refused;
            ToComeAgain += answer is { Status: AnswerReader.Unavailable, HasRetryAfter: true } ? refused : 0;
            InDoubt += answer.IsInDoubt ? refused : 0;
            if (Latencies.Count < LatenciesMax)
            {
                Latencies.Add((int)Stopwatch.GetElapsedTime(connection.Started).TotalMicroseconds);
            }
        }
    }
}
