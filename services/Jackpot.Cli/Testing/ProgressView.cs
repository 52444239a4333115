using System.Globalization;

namespace Jackpot.Cli.Testing;

/// <summary>Shows how far the tests are: one line that moves on a terminal, a plain line now and then anywhere else.</summary>
sealed class ProgressView(bool moves, TextWriter output, Func<string> line) : IAsyncDisposable
{
    const string BackAndClear = "\r\u001b[2K";
    const int ColumnsFallback = 120;
    static readonly TimeSpan MovingInterval = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(30);

    readonly CancellationTokenSource _end = new();
    readonly Lock _gate = new();
    Task _showing = Task.CompletedTask;

    internal static ProgressView Start(Func<string> line)
    {
        var view = new ProgressView(!Console.IsOutputRedirected, Console.Out, line);
        view._showing = view.ShowAsync();
        return view;
    }

    internal static string Clock(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    /// <summary>Writes a line that stays.</summary>
    internal void Write(string text)
    {
        lock (_gate)
        {
            output.WriteLine(moves ? BackAndClear + text : text);
            output.Flush();
        }
    }

    async Task ShowAsync()
    {
        using var timer = new PeriodicTimer(moves ? MovingInterval : PlainInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                lock (_gate)
                {
                    Show(line());
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }
    }

    void Show(string text)
    {
        if (moves)
        {
            var columns = Console.WindowWidth > 1 ? Console.WindowWidth - 1 : ColumnsFallback;
            output.Write(BackAndClear + (text.Length > columns ? text[..columns] : text));
        }
        else
        {
            output.WriteLine(text);
        }
        output.Flush();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _showing;
        _end.Dispose();
        if (moves)
        {
            output.Write(BackAndClear);
        }
    }
}
