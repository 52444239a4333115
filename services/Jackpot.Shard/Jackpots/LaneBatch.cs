using System.Runtime.InteropServices;
using Jackpot.Shard.Contributions;

namespace Jackpot.Shard.Jackpots;

/// <summary>
/// One actor call in progress: which items are still open and what the others were answered. Items that repeat a key of the same call
/// wait for the first of them and are answered from its answer.
/// </summary>
internal sealed class LaneBatch
{
    /// <summary>Whether it is stored is not known.</summary>
    public static readonly RecordedContribution Unavailable = new() { Kind = RecordedKind.Unavailable };

    static readonly RecordedContribution KeyReused = new() { Kind = RecordedKind.KeyReused };

    readonly RecordedContribution?[] _answers;
    readonly List<(int Item, int First)> _repeats = [];

    // Answered with what was found stored, which nothing has flushed since; see Flushed.
    readonly List<int> _unflushed = [];

    public LaneBatch(ReadOnlyMemory<AcceptedContribution> items)
    {
        Items = items;
        var contributions = items.Span;
        _answers = new RecordedContribution?[items.Length];
        var first = new Dictionary<Guid, int>(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(first, contributions[i].Key16, out var repeated);
            if (repeated)
            {
                _repeats.Add((i, seen));
            }
            else
            {
                seen = i;
                Open.Add(i);
            }
        }
    }

    /// <summary>What is answered to so many items when it is not known whether they are stored.</summary>
    public static RecordedContribution[] AllUnavailable(int count)
    {
        var answers = new RecordedContribution[count];
        Array.Fill(answers, Unavailable);
        return answers;
    }

    public ReadOnlyMemory<AcceptedContribution> Items { get; }

    /// <summary>Indices of the items without an answer, in order of arrival.</summary>
    public List<int> Open { get; } = [];

    /// <summary>Whether items were answered with what was found stored, and no commit has been flushed since.</summary>
    public bool OwesFlush => _unflushed.Count > 0;

    /// <summary>Answers an item. The caller takes it out of <see cref="Open"/>.</summary>
    public void Answer(int item, RecordedContribution answer) => _answers[item] = answer;

    /// <summary>Answers an item with what a read found. It is only told to anybody after <see cref="Flushed"/>.</summary>
    public void AnswerFound(int item, RecordedContribution answer)
    {
        Answer(item, answer);
        _unflushed.Add(item);
    }

    /// <summary>A commit or a flush was acknowledged: everything that had been found before it is durable as well.</summary>
    public void Flushed() => _unflushed.Clear();

    public void CloseAnswered() => Open.RemoveAll(item => _answers[item] is not null);

    /// <summary>Every item's answer; what is still open is in doubt, and so is what was found stored and has not been flushed.</summary>
    public RecordedContribution[] Answers()
    {
        var answers = new RecordedContribution[Items.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = _answers[i] ?? Unavailable;
        }

        foreach (var item in _unflushed)
        {
            answers[item] = Unavailable;
        }

        foreach (var (item, first) in _repeats)
        {
            answers[item] = Repeat(item, first, answers[first]);
        }

        return answers;
    }

    RecordedContribution Repeat(int item, int first, RecordedContribution answer)
    {
        if (answer.Kind is RecordedKind.Unavailable or RecordedKind.Paused)
        {
            return answer;
        }

        // The first item may itself have been refused because an older request holds the key; then its body says nothing about this one's.
        if (answer.Kind == RecordedKind.KeyReused)
        {
            return Unavailable;
        }

        if (Items.Span[item].Body16 != Items.Span[first].Body16)
        {
            return KeyReused;
        }

        return answer.Kind == RecordedKind.Quarantined ? answer : answer.AsDuplicate();
    }
}
