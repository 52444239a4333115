namespace Jackpot.TestKit.Fuzzing;

/// <summary>Bad paths and queries of good ones. What it makes is percent-encoded already and must be sent as it is.</summary>
public sealed class TargetMutator(Random random)
{
    static readonly string[] Pieces =
    [
        "%00", "%2e%2e", "..", ".", "%2F", "%252F", "a%2Fb", "a%252Fb", "%ff", "%", "%zz", "%ED%A0%80", "%C0%AF", "%0d%0a", "%20", "+", "%01", "%E2%80%AE", "-1", "0", "1", "9223372036854775807",
        "9223372036854775808", "99999999999", "1e400", "null", "plain", "plain-main", "%7B%7D", "'", "2026-01-31", "0001-01-01", "9999-12-31", "31.01.2026", "04:03", "2026-13-01", "EUR",
    ];

    static readonly string[] Names =
    [
        "limit", "after", "from", "to", "at", "interval", "format", "by", "jackpot", "jackpot_id", "player", "player_id", "tenant", "tenant_id", "brand", "currency", "status", "name", "threshold", "%00", "%ff", "x",
    ];

    /// <summary>The target with one segment or parameter changed.</summary>
    public string Mutate(string target)
    {
        var (path, query) = target.Split('?', 2) is [var before, var after] ? (before, after) : (target, "");
        return random.Next(3) switch
        {
            0 => Path(path) + (query.Length > 0 ? "?" + query : ""),
            1 when query.Length > 0 => $"{path}?{Changed(query)}",
            _ => $"{path}?{query}{(query.Length > 0 ? "&" : "")}{Names[random.Next(Names.Length)]}={Piece()}",
        };
    }

    string Path(string path)
    {
        var segments = path.Split('/');
        segments[random.Next(1, segments.Length)] = Piece();
        return string.Join('/', segments);
    }

    string Changed(string query)
    {
        var parameters = query.Split('&');
        var changed = random.Next(parameters.Length);
        parameters[changed] = random.Next(4) == 0 ? $"{parameters[changed]}&{parameters[changed]}" : $"{parameters[changed].Split('=')[0]}={Piece()}";
        return string.Join('&', parameters);
    }

    string Piece() => random.Next(12) == 0 ? new string('x', 300) : Pieces[random.Next(Pieces.Length)];
}
