using System.Globalization;
using System.Text.Json;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>The history of a workflow that ran, as its engine kept it; one file for each road. How they are made: docs/testing.md.</summary>
internal sealed record RecordedHistory(string InstanceId, IReadOnlyList<HistoryEvent> Events)
{
    static readonly string Folder = Path.Combine(RepositoryFolder.Root, "tests", "histories");

    /// <summary>The roads that are kept.</summary>
    public static IReadOnlyList<string> Roads => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static RecordedHistory Read(string road)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, road + ".json")));
        return new RecordedHistory(
            file.RootElement.GetProperty("instance_id").GetString()!,
            [.. file.RootElement.GetProperty("events").EnumerateArray().Select(one => JsonParser.Default.Parse<HistoryEvent>(one.GetRawText()))]);
    }

    /// <summary>Turn by turn: what came before it, what it was told, and what was then wanted.</summary>
    public IEnumerable<(IReadOnlyList<HistoryEvent> Past, IReadOnlyList<HistoryEvent> News, IReadOnlyList<string> Wanted)> Turns()
    {
        for (var start = 0; start < Events.Count;)
        {
            var next = Enumerable.Range(start + 1, Events.Count - start - 1).FirstOrDefault(i => Events[i].WorkflowStarted is not null, Events.Count);
            var turn = Events.Skip(start).Take(next - start).ToList();
            yield return (
                [.. Events.Take(start)], [.. turn.Where(one => WantedOf(one) is null)],
                [.. turn.Select(WantedOf).OfType<string>()]);
            start = next;
        }
    }

    /// <summary>What an action becomes in a history, as text; null of events that answer one, or come from outside.</summary>
    static string? WantedOf(HistoryEvent one) => one switch
    {
        { TaskScheduled: { } task } => Text($"{one.EventId} task {task.Name} {task.Input}"),
        { TimerCreated: { } timer } => Text($"{one.EventId} timer {timer.FireAt}"),
        { ExecutionCompleted: { } end } => Text($"{one.EventId} end {end.WorkflowStatus} {end.Result} {end.FailureDetails?.ErrorType}"),
        _ => null,
    };

    /// <summary>The same of what a worker wants now.</summary>
    public static string WantedOf(WorkflowAction action) => action switch
    {
        { ScheduleTask: { } task } => Text($"{action.Id} task {task.Name} {task.Input}"),
        { CreateTimer: { } timer } => Text($"{action.Id} timer {timer.FireAt}"),
        { CompleteWorkflow: { } end } => Text($"{action.Id} end {end.WorkflowStatus} {end.Result} {end.FailureDetails?.ErrorType}"),
        _ => action.ToString(),
    };

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
