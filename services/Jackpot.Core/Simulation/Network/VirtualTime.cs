namespace Jackpot.Core.Simulation.Network;

/// <summary>A clock that jumps from one thing to the next; what is due at the same moment happens in the order in which it was put in.</summary>
sealed class VirtualTime
{
    /// <summary>Things that one run may do; more is a loop.</summary>
    const int StepsMax = 200_000;

    readonly PriorityQueue<Action, (long AtMs, int Order)> _due = new();
    int _order;

    public long NowMs { get; private set; }

    public void After(long ms, Action what) => _due.Enqueue(what, (NowMs + ms, _order++));

    /// <summary>Runs until nothing is left, the time has come, or enough is done.</summary>
    public void RunUntil(long atMs, Func<bool>? enough = null)
    {
        while (_due.TryPeek(out var what, out var due) && due.AtMs <= atMs)
        {
            _due.Dequeue();
            NowMs = due.AtMs;
            what();
            if (enough?.Invoke() == true)
            {
                return;
            }

            if (_order > StepsMax)
            {
                throw new InvalidOperationException($"More than {StepsMax} steps in one run.");
            }
        }

        NowMs = Math.Max(NowMs, atMs);
    }
}

/// <summary>Chances out of random bits.</summary>
sealed class Chances(Func<ulong> bits)
{
    /// <summary>From zero up to below the bound.</summary>
    public int Below(int bound) => (int)(bits() % (ulong)bound);

    public bool OneIn(int times) => times > 0 && Below(times) == 0;

    public T Any<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    public void Fill(Span<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at += sizeof(ulong))
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[at..], bits());
        }
    }
}
