using System.Diagnostics;
using Spectre.Console;

namespace Jackpot.Cli.Up;

/// <summary>Shows what `up` is doing: a spinner on a terminal, plain lines anywhere else.</summary>
abstract class StepView
{
    internal static StepView Create() => Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive ? new PlainSteps() : new SpinnerSteps();

    /// <summary>Runs one step; the callback shows how far it is.</summary>
    internal async Task RunAsync(string title, Func<Action<string>, Task> work)
    {
        var clock = Stopwatch.StartNew();
        await ShowAsync(title, work);
        Done(title, clock.Elapsed);
    }

    protected abstract Task ShowAsync(string title, Func<Action<string>, Task> work);
    protected abstract void Done(string title, TimeSpan duration);

    sealed class PlainSteps : StepView
    {
        protected override Task ShowAsync(string title, Func<Action<string>, Task> work)
        {
            Console.WriteLine($"{title} ...");
            return work(detail => Console.WriteLine($"  {detail}"));
        }

        protected override void Done(string title, TimeSpan duration) => Console.WriteLine($"{title}: done in {duration.TotalSeconds:0.0} s");
    }

    sealed class SpinnerSteps : StepView
    {
        protected override Task ShowAsync(string title, Func<Action<string>, Task> work) =>
            AnsiConsole.Status().Spinner(Spinner.Known.Dots).StartAsync(
                Markup.Escape(title), status => work(detail => status.Status($"{Markup.Escape(title)} [grey]{Markup.Escape(detail)}[/]")));

        protected override void Done(string title, TimeSpan duration) =>
            AnsiConsole.MarkupLine($"[green]✓[/] {Markup.Escape(title)} [grey]{duration.TotalSeconds:0.0} s[/]");
    }
}
