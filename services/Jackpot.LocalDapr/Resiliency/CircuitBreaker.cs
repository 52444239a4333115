namespace Jackpot.LocalDapr.Resiliency;

/// <summary>Refuses calls for a while after too many failures.</summary>
/// <param name="Name">Name in the resiliency file.</param>
/// <param name="RequestsMax">Calls let through while half open.</param>
/// <param name="Interval">Counts are cleared this often while closed; zero = never.</param>
/// <param name="Timeout">How long it stays open.</param>
/// <param name="Trip">When it opens.</param>
sealed record CircuitBreakerSettings(string Name, int RequestsMax, TimeSpan Interval, TimeSpan Timeout, TripRule Trip);

sealed class CircuitBreaker(CircuitBreakerSettings settings, TimeProvider clock)
{
    readonly Lock _lock = new();
    CircuitCounts _counts;
    DateTimeOffset _countsSince = clock.GetUtcNow();
    DateTimeOffset? _openUntil;
    int _halfOpenCalls;

    public void Enter()
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (_openUntil is { } until)
            {
                if (now < until || _halfOpenCalls >= settings.RequestsMax)
                {
                    throw new CircuitOpenException(settings.Name);
                }
                _halfOpenCalls++;
            }
            else if (settings.Interval > TimeSpan.Zero && now - _countsSince >= settings.Interval)
            {
                _counts = default;
                _countsSince = now;
            }
        }
    }

    public void Leave(bool succeeded)
    {
        lock (_lock)
        {
            _counts = _counts.With(succeeded);
            if (_openUntil is null)
            {
                if (!succeeded && settings.Trip.Holds(_counts))
                {
                    Open();
                }
            }
            else if (!succeeded)
            {
                Open();
            }
            else if (--_halfOpenCalls == 0)
            {
                _openUntil = null;
                _counts = default;
                _countsSince = clock.GetUtcNow();
            }
        }
    }

    void Open()
    {
        _openUntil = clock.GetUtcNow() + settings.Timeout;
        _halfOpenCalls = 0;
        _counts = default;
    }
}

sealed class CircuitOpenException(string name) : Exception($"circuit breaker {name} is open");

/// <summary>What the trip rule may ask for.</summary>
readonly record struct CircuitCounts(int Requests, int TotalSuccesses, int TotalFailures, int ConsecutiveSuccesses, int ConsecutiveFailures)
{
    public CircuitCounts With(bool succeeded) => succeeded
        ? new(Requests + 1, TotalSuccesses + 1, TotalFailures, ConsecutiveSuccesses + 1, 0)
        : new(Requests + 1, TotalSuccesses, TotalFailures + 1, 0, ConsecutiveFailures + 1);
}
