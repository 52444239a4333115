using Jackpot.Core.Voids;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Ledger.Voids;

/// <summary>One step in progress: which voids are still open, and what the others were answered.</summary>
internal sealed class VoidStep(LoadedJackpot before, AcceptedContribution[] voids, DateTimeOffset now)
{
    static readonly RecordedContribution KeyReused = new() { Kind = RecordedKind.KeyReused };
    static readonly RecordedContribution Paused = new() { Kind = RecordedKind.Paused };

    readonly RecordedContribution?[] _answers = new RecordedContribution?[voids.Length];
    readonly Dictionary<int, StoredBet> _bets = [];

    /// <summary>Indices of the voids without an answer, in order of arrival.</summary>
    public List<int> Open { get; private set; } = [.. Enumerable.Range(0, voids.Length)];

    /// <summary>Every void's answer; what is still open is to be asked again.</summary>
    public RecordedContribution[] Answers() => [.. _answers.Select(answer => answer ?? RecordedContribution.Unavailable)];

    public void AnswerStored(Dictionary<Guid, StoredVoid> stored) => Close(one => stored.TryGetValue(voids[one].Key16, out var known)
        ? known.Body16 == voids[one].Body16 ? Answer(RecordedKind.Duplicate, known.Record) : KeyReused
        : null);

    public void FindBets(Dictionary<long, StoredBet> stored)
    {
        Close(one => !stored.TryGetValue(voids[one].Void!.Sequence, out var bet) || bet.TenantId != voids[one].TenantId ? Refused(VoidResult.BetUnknown) : null);
        Open.ForEach(one => _bets.Add(one, stored[voids[one].Void!.Sequence]));
        Close(one => voids[one].Void is { BetMicros: not null } asked && asked.Currency != _bets[one].Currency ? Refused(VoidResult.CurrencyDiffers) : null);
    }

    /// <summary>Refuses what is beyond its operator's limits, each together with those before it. What would not be taken anyway is left to the rules.</summary>
    public async Task LimitAsync(VoidDays days, CancellationToken ct)
    {
        var verdicts = new Dictionary<int, RecordedContribution>();
        var ofBets = new Dictionary<long, long>();
        var ofDays = new Dictionary<(string Tenant, DateOnly Day), long>();
        foreach (var one in Open)
        {
            var (asked, bet) = (voids[one].Void!, _bets[one]);
            var (sequence, day) = (bet.Bet.Sequence, (bet.TenantId, bet.Day));
            var left = bet.Bet.BetMicros - bet.Bet.VoidedBetMicros - ofBets.GetValueOrDefault(sequence);
            var wanted = asked.BetMicros ?? left;
            if (wanted <= 0 || wanted > left)
            {
                continue;
            }

            ofBets[sequence] = ofBets.GetValueOrDefault(sequence) + wanted;
            if (asked.Limits is not { } limits)
            {
                continue;
            }

            var micros = ofDays.GetValueOrDefault(day) + (long)((Int128)bet.ContributionMicros * wanted / bet.Bet.BetMicros);
            var verdict = await days.CheckAsync(limits, bet, (long)(now - bet.ReceivedAt).TotalMilliseconds, micros, ct);
            if (verdict == VoidLimitAnswer.Within)
            {
                ofDays[day] = micros;
            }
            else
            {
                ofBets[sequence] -= wanted;
                verdicts.Add(one, verdict switch
                {
                    VoidLimitAnswer.TooLate => Refused(VoidResult.TooLate),
                    VoidLimitAnswer.TooMuch => Refused(VoidResult.TooMuch),
                    _ => RecordedContribution.Unavailable,
                });
            }
        }

        Close(one => verdicts.GetValueOrDefault(one));
    }

    /// <summary>Null when nothing is taken back.</summary>
    public VoidPlan? Decide(long lastNumber)
    {
        var orders = Open.Select(one => new VoidOrder(_bets[one].Bet, voids[one].Void!.BetMicros, voids[one].Void!.Road)).ToList();
        var decision = VoidRules.Decide(before.Config, before.State, orders);
        var taken = new List<TakenVoid>();
        foreach (var (one, part) in Open.Zip(decision.Parts).ToList())
        {
            if (part.Answer == VoidAnswer.Voided)
            {
                var record = new TakenVoid(voids[one], _bets[one], part, lastNumber + 1 + taken.Count);
                taken.Add(record);
                _answers[one] = Answer(RecordedKind.Voided, record.Record);
            }
            else
            {
                _answers[one] = part.Answer == VoidAnswer.JackpotPaused ? Paused : Refused(ResultOf(part.Answer));
            }
        }

        Open = [];
        return taken.Count == 0 ? null : VoidPlan.Make(before, decision, taken, now);
    }

    static VoidResult ResultOf(VoidAnswer answer) => answer switch
    {
        VoidAnswer.NothingLeft => VoidResult.NothingLeft,
        VoidAnswer.AmountNotPositive => VoidResult.AmountNotPositive,
        VoidAnswer.MoreThanIsLeft => VoidResult.MoreThanIsLeft,
        _ => throw new InvalidOperationException($"A void was answered {answer}, which is no refusal."),
    };

    static RecordedContribution Refused(VoidResult result) => Answer(RecordedKind.VoidRefused, new VoidRecord(result, 0, 0, "", 0, 0, []));

    static RecordedContribution Answer(RecordedKind kind, VoidRecord record) => new() { Kind = kind, Sequence = record.Number, ContributionMicros = record.ContributionMicros, Void = record };

    void Close(Func<int, RecordedContribution?> answer)
    {
        foreach (var one in Open)
        {
            _answers[one] = answer(one);
        }

        Open.RemoveAll(one => _answers[one] is not null);
    }
}
