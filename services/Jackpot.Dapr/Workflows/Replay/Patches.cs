using Jackpot.Dapr.Workflows.Protocol;

namespace Jackpot.Dapr.Workflows.Replay;

/// <summary>Which patches this instance runs with. The engine keeps the list with the history and stalls the instance when an answer's list does not begin with it.</summary>
internal sealed class Patches
{
    readonly List<string> _used = [];
    readonly Dictionary<string, bool> _decided = new(StringComparer.Ordinal);

    public Patches(WorkflowRequest request)
    {
        foreach (var patch in request.PastEvents.SelectMany(happened => happened.WorkflowStarted?.Version?.Patches ?? []))
        {
            if (_decided.TryAdd(patch, true))
            {
                _used.Add(patch);
            }
        }
    }

    public bool Decide(string patch, bool replaying)
    {
        if (_decided.TryGetValue(patch, out var decided))
        {
            return decided;
        }

        _decided.Add(patch, !replaying);
        if (!replaying)
        {
            _used.Add(patch);
        }

        return !replaying;
    }

    public WorkflowVersion? ToWire() => _used.Count == 0 ? null : new WorkflowVersion { Patches = { _used } };
}
