using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;

namespace Jackpot.Ledger.Batching;

/// <summary>
/// One batch in progress: which items are still open and what the others were answered. Items that repeat a key or a contribution id of the
/// same batch wait for the first of them and are answered from its answer.
/// </summary>
internal sealed class OpenBatch
{
    static readonly RecordedContribution KeyReused = new() { Kind = RecordedKind.KeyReused };
    static readonly RecordedContribution IdReused = new() { Kind = RecordedKind.IdReused };

    readonly RecordedContribution?[] _answers;
    readonly List<(int Item, int First)> _repeats = [];

    // Answered with what was found stored, which nothing has flushed since; see Flushed.
    readonly List<int> _unflushed = [];

    public OpenBatch(ReadOnlyMemory<AcceptedContribution> items)
    {
        Items = Arrived = items;
        var contributions = items.Span;
        _answers = new RecordedContribution?[items.Length];
        var (keys, ids) = (new Dictionary<Guid, int>(items.Length), new Dictionary<Guid, int>(items.Length));
        for (var i = 0; i < items.Length; i++)
        {
            ref readonly var item = ref contributions[i];
            if (keys.TryGetValue(item.Key16, out var first) || ids.TryGetValue(item.Id16, out first))
            {
                _repeats.Add((i, first));
                continue;
            }

            Open.Add(i);
            HasVoids |= item.Void is not null;
            keys.Add(item.Key16, i);
            if (item.Id16 != Guid.Empty)
            {
                ids.Add(item.Id16, i);
            }
        }
    }

    /// <summary>What is answered to so many items when it is not known whether they are stored.</summary>
    public static RecordedContribution[] AllUnavailable(int count)
    {
        var answers = new RecordedContribution[count];
        Array.Fill(answers, RecordedContribution.Unavailable);
        return answers;
    }

    public ReadOnlyMemory<AcceptedContribution> Items { get; private set; }

    /// <summary>The items as they came.</summary>
    public ReadOnlyMemory<AcceptedContribution> Arrived { get; }

    /// <summary>Whether there are voids among the items.</summary>
    public bool HasVoids { get; }

    /// <summary>Whether bets are open. Voids wait until none is: the bet that one takes back may be in the same batch.</summary>
    public bool HasOpenBets => HasVoids ? Open.Exists(item => Items.Span[item].Void is null) : Open.Count > 0;

    /// <summary>What is known now of voids that came before these bets: each is recorded with what they leave of it.</summary>
    public void Reduce(IReadOnlyDictionary<int, AcceptedContribution> reduced)
    {
        var items = Items.ToArray();
        foreach (var (item, contribution) in reduced)
        {
            items[item] = contribution;
        }

        Items = items;
    }

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

    /// <summary>Answers the open items with what was found stored. Those that voids wait for stay open, and are what this returns.</summary>
    public List<int> AnswerFound(StoredAnswers stored)
    {
        var takenBack = new List<int>();
        foreach (var item in Open)
        {
            if (stored.AnswerTo(Items.Span[item]) is not { } answer)
            {
                continue;
            }

            if (answer.Kind == RecordedKind.TakenBack)
            {
                takenBack.Add(item);
            }
            else
            {
                AnswerFound(item, answer);
            }
        }

        return takenBack;
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
            answers[i] = _answers[i] ?? RecordedContribution.Unavailable;
        }

        foreach (var item in _unflushed)
        {
            answers[item] = RecordedContribution.Unavailable;
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

        // The first item may itself have been refused because an older request holds the key or the id; then its body says nothing about this one's.
        if (answer.Kind is RecordedKind.KeyReused or RecordedKind.IdReused)
        {
            return RecordedContribution.Unavailable;
        }

        var (again, before) = (Items.Span[item], Items.Span[first]);
        if (again.Body16 != before.Body16 || again.Jackpot != before.Jackpot)
        {
            return again.Key16 == before.Key16 ? KeyReused : IdReused;
        }

        return answer.Kind is RecordedKind.Quarantined or RecordedKind.VoidRefused ? answer : answer.AsDuplicate();
    }
}
