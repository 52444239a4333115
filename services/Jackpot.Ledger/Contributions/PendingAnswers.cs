namespace Jackpot.Ledger.Contributions;

/// <summary>The answers that one request waits for. Its continuation runs on the work item that sets the last of them.</summary>
internal sealed class PendingAnswers(int count) : TaskCompletionSource
{
    int _missing = count;

    public RecordedContribution?[] Answers { get; } = new RecordedContribution?[count];

    /// <summary>Sets one answer; the last one completes the task.</summary>
    public void Set(int index, RecordedContribution answer)
    {
        Answers[index] = answer;
        Skip();
    }

    /// <summary>Counts an item that will get no answer because the endpoint refused it.</summary>
    public void Skip()
    {
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            SetResult();
        }
    }
}

/// <summary>Who waits for one answer: a request, and the place of the contribution in it.</summary>
internal readonly record struct Sender(PendingAnswers Answers, int Index)
{
    public void Answer(RecordedContribution answer) => Answers.Set(Index, answer);
}

/// <summary>A contribution and who waits for its answer.</summary>
internal readonly record struct Waiting(AcceptedContribution Contribution, Sender Sender);
