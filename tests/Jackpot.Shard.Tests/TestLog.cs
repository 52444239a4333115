using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Jackpot.Shard.Tests;

/// <summary>What the code under test logs: kept, and in the output of the test that is running.</summary>
internal class TestLog : ILogger
{
    readonly ConcurrentQueue<(LogLevel Level, string Message)> _entries = new();

    public IReadOnlyCollection<(LogLevel Level, string Message)> Entries => _entries;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _entries.Enqueue((logLevel, formatter(state, exception)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{logLevel}: {formatter(state, exception)} {exception}");
    }
}

/// <inheritdoc/>
internal sealed class TestLog<T> : TestLog, ILogger<T>;
