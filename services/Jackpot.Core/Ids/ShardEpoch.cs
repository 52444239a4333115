namespace Jackpot.Core.Ids;

/// <summary>
/// One life of a shard's database: the shard's name and the number of its epoch. The number rises whenever the database was restored, promoted
/// or copied, because then it may decide again what it has decided before.
/// </summary>
public readonly record struct ShardEpoch
{
    readonly string? _shard;

    ShardEpoch(string shard, int number) => (_shard, Number) = (shard, number);

    public string Shard => IdText.Used(_shard);

    /// <summary>From 1.</summary>
    public int Number { get; }

    /// <exception cref="FormatException">The shard's name breaks the grammar, or the number is below 1.</exception>
    public static ShardEpoch Of(string shard, int number) => !IdText.IsName(shard)
        ? throw IdText.NotAName("shard id", shard)
        : number >= 1 ? new ShardEpoch(shard, number) : throw new FormatException($"{number} is no epoch: they begin with 1.");

    public override string ToString() => $"{Shard} epoch {Number}";
}
