using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Jackpot.Bench.Load;

/// <summary>Makes requests of fixed shape, in which only a 16-digit id and the pool's name change.</summary>
sealed class RequestSource
{
    const string IdMark = "IDIDIDIDIDIDIDID";
    const int IdDigits = 16;

    readonly byte[][] _templates;
    readonly int[][] _idOffsets;
    readonly Func<long, int> _chooseTemplate;
    readonly Func<long, long> _chooseId;
    readonly int _itemsPerRequest;
    long _next;

    RequestSource(IReadOnlyList<string> requests, int itemsPerRequest, Func<long, int>? chooseTemplate, Func<long, long>? chooseId)
    {
        _templates = [.. requests.Select(Encoding.ASCII.GetBytes)];
        _idOffsets = [.. _templates.Select(Offsets)];
        _itemsPerRequest = itemsPerRequest;
        BytesMax = _templates.Max(template => template.Length);
        // Per request, not per item: 1,000 items a request would meet the same one of eight pools for ever.
        _chooseTemplate = chooseTemplate ?? (number => (int)(number / itemsPerRequest % _templates.Length));
        _chooseId = chooseId ?? (number => number);
        // Ids of one run never meet those of another: the clock in microseconds leaves room for a million a second.
        _next = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
        FirstId = _next;
    }

    internal long FirstId { get; }

    internal int BytesMax { get; }

    internal int ItemsPerRequest => _itemsPerRequest;

    /// <summary>Single contributions to these pools in turn, or as <paramref name="choosePool"/> says.</summary>
    internal static RequestSource Singles(Uri target, IReadOnlyList<string> poolFields, Func<long, int>? choosePool = null, Func<long, long>? chooseId = null, string stake = "2.00") =>
        new([.. poolFields.Select(pool => Post(target, "/v1/jp/contributions", Item(pool, IdMark, stake)))], 1, choosePool, chooseId);

    /// <summary>Batches of <paramref name="items"/> contributions; batch n goes to pool n in turn.</summary>
    internal static RequestSource Batches(Uri target, IReadOnlyList<string> poolFields, int items) =>
        new([.. poolFields.Select(pool => Post(target, "/v1/jp/contributions/batch",
            $$"""{"contributions":[{{string.Join(',', Enumerable.Range(0, items).Select(_ => Item(pool, IdMark, "2.00")))}}]}"""))], items, null, null);

    /// <summary>The same body as a single contribution, to any path: what the no-op server and the naive one are measured with.</summary>
    internal static RequestSource ForPath(Uri target, string path) => new([Post(target, path, Item("\"pool_id\":\"noop\"", IdMark, "2.00"))], 1, null, null);

    /// <summary>The body of a single contribution with an id of its own.</summary>
    internal static string OneBody(string poolField) => Item(poolField, Guid.NewGuid().ToString("N")[..IdDigits], "2.00");

    /// <summary>Writes the next request into the buffer and answers its length.</summary>
    internal int Write(Span<byte> buffer)
    {
        var number = _next;
        var template = _chooseTemplate(number);
        _templates[template].CopyTo(buffer);
        var offsets = _idOffsets[template];
        var perItem = offsets.Length / _itemsPerRequest;
        for (var i = 0; i < offsets.Length; i++)
        {
            var id = _chooseId(number + (i / perItem));
            Utf8Formatter.TryFormat(id, buffer.Slice(offsets[i], IdDigits), out _, new System.Buffers.StandardFormat('D', IdDigits));
        }
        _next += _itemsPerRequest;
        return _templates[template].Length;
    }

    static string Item(string poolField, string id, string stake)
    {
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $$"""{"jp_contrib_id":"c{{id}}","tenant_id":"brand-42",{{poolField}},"player_id":"player-17","game_id":"starlight","round_id":"r{{id}}","bet":{"amount":{{stake}},"currency":"EUR"},"occurred_at":"{{now}}","idempotency_key":"k{{id}}"}""";
    }

    static string Post(Uri target, string path, string body) =>
        $"POST {path} HTTP/1.1\r\nHost: {target.Authority}\r\nX-Tenant-Id: brand-42\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    static int[] Offsets(byte[] template)
    {
        var mark = Encoding.ASCII.GetBytes(IdMark);
        var offsets = new List<int>();
        for (var at = template.AsSpan().IndexOf(mark); at >= 0;)
        {
            offsets.Add(at);
            var next = template.AsSpan(at + IdDigits).IndexOf(mark);
            at = next < 0 ? -1 : at + IdDigits + next;
        }
        return [.. offsets];
    }
}
