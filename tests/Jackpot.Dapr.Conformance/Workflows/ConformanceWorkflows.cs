using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Dapr.DurableTask.Protobuf;

namespace Jackpot.Dapr.Conformance.Workflows;

/// <summary>The workflows that the cases start, each doing one thing. Inputs and results are JSON.</summary>
static class ConformanceWorkflows
{
    static readonly ConcurrentDictionary<string, int> Runs = new();

    static readonly Dictionary<string, Func<string, string>> Activities = new()
    {
        ["Upper"] = input => Json(Text(input).ToUpperInvariant()),
        ["Double"] = input => Json(Number(input) * 2),
        ["Broken"] = _ => throw new FormatException("broken on purpose"),
        ["FailsTwice"] = input => Runs.AddOrUpdate(input, 1, (_, runs) => runs + 1) <= 2 ? throw new FormatException("not yet") : Json("third"),
    };

    public static readonly IReadOnlyDictionary<string, WorkflowCode> All = new Dictionary<string, WorkflowCode>
    {
        ["Echo"] = (_, input) => Task.FromResult<string?>(input),
        ["Chain"] = (turn, input) => turn.Call("Upper", input),
        ["Timer"] = async (turn, seconds) =>
        {
            await turn.Timer(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
            return Json("fired");
        },
        ["Event"] = (turn, _) => turn.Event("go"),
        ["EventTimeout"] = async (turn, seconds) => await turn.Event("go", TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture))) ?? Json("late"),
        ["Parent"] = (turn, input) => turn.Child("Chain", input, turn.InstanceId + "-child"),
        ["ParentOfFailed"] = (turn, _) => CaughtAsync(() => turn.Child("Fail", Json("x"), null)),
        ["Fail"] = (_, input) => throw new InvalidOperationException(Text(input)),
        ["Countdown"] = (turn, left) =>
        {
            if (Number(left) > 0)
            {
                turn.ContinueAsNew(Json(Number(left) - 1));
            }

            return Task.FromResult<string?>(Json("done"));
        },
        ["CarryOver"] = async (turn, round) =>
        {
            if (Number(round) == 1)
            {
                return await turn.Event("second");
            }

            await turn.Event("first");
            turn.ContinueAsNew("1");
            return null;
        },
        ["Status"] = async (turn, input) =>
        {
            turn.SetStatus(input);
            return await turn.Event("go");
        },
        ["FanOut"] = async (turn, count) => Json((await Task.WhenAll(Enumerable.Range(0, Number(count)).Select(i => turn.Call("Double", Json(i))))).Sum(doubled => Number(doubled!))),
        ["Sequence"] = async (turn, count) =>
        {
            var sum = 0;
            for (var i = 0; i < Number(count); i++)
            {
                sum += Number((await turn.Call("Double", Json(i)))!);
            }

            return Json(sum);
        },
        ["Retried"] = (turn, _) => turn.CallWithRetry("FailsTwice", Json(turn.InstanceId), 5, TimeSpan.FromMilliseconds(300)),
        ["FailedActivity"] = (turn, _) => CaughtAsync(() => turn.Call("Broken", Json("x"))),
        ["UnknownActivity"] = (turn, _) => CaughtAsync(() => turn.Call("Nowhere", Json("x"))),
    };

    public static ActivityResponse Run(ActivityRequest call)
    {
        var response = new ActivityResponse { InstanceId = call.WorkflowInstance.InstanceId, TaskId = call.TaskId };
        if (!Activities.TryGetValue(call.Name, out var activity))
        {
            response.FailureDetails = new TaskFailureDetails { ErrorType = "ActivityNotFound", ErrorMessage = $"no activity is called {call.Name}", IsNonRetriable = true };
            return response;
        }

        try
        {
            response.Result = activity(call.Input ?? "null");
        }
        catch (FormatException failed)
        {
            response.FailureDetails = Turn.DetailsOf(failed);
        }

        return response;
    }

    static async Task<string?> CaughtAsync(Func<Task<string?>> call)
    {
        try
        {
            return await call();
        }
        catch (TaskFailure failed)
        {
            return Json(failed.Message);
        }
    }

    static string Json<T>(T value) => JsonSerializer.Serialize(value);

    static string Text(string json) => JsonSerializer.Deserialize<string>(json)!;

    static int Number(string json) => int.Parse(json, CultureInfo.InvariantCulture);
}
