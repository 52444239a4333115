using System.Globalization;
using System.Net;

namespace Jackpot.Bench.Bed;

/// <summary>After every stage: the books balance to the micro-unit, and every acknowledged contribution is stored, once.</summary>
sealed class MoneyCheck(TestBed bed)
{
    long _before;
    long _acknowledged;
    long _uncertain;

    /// <summary>What is stored now was stored by others.</summary>
    internal async Task StartAsync() => _before = await StoredAsync();

    internal void Count(Load.LoadResult result)
    {
        // A replayed answer is acknowledged without a row of its own.
        _acknowledged += result.Accepted - result.Replayed;
        _uncertain += result.Unanswered + result.InDoubt;
    }

    /// <summary>Rows that were not sent through an endpoint, but written straight into the tables, with the money that belongs to them.</summary>
    internal void CountStored(long rows) => _acknowledged += rows;

    /// <summary>A request whose outcome nobody knows.</summary>
    internal void CountUncertain() => _uncertain++;

    internal void CountAccepted() => _acknowledged++;

    /// <exception cref="InvalidOperationException">The run has failed: money or rows do not agree.</exception>
    internal async Task RequireAsync(string stage)
    {
        using var http = new HttpClient { BaseAddress = bed.Shard, Timeout = TimeSpan.FromMinutes(2) };
        using var answer = await http.GetAsync("/v1/audit/balancing");
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"After {stage} the books do not balance: {await answer.Content.ReadAsStringAsync()}");
        }
        var stored = await StoredAsync() - _before;
        if (stored < _acknowledged || stored > _acknowledged + _uncertain)
        {
            throw new InvalidOperationException($"After {stage} {stored} contributions are stored, but {_acknowledged} were acknowledged and {_uncertain} left open.");
        }
    }

    async Task<long> StoredAsync() => long.Parse(await bed.ScalarAsync("SELECT coalesce(sum(sequence), 0) FROM jackpot_state"), CultureInfo.InvariantCulture);
}
