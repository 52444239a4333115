namespace Jackpot.Shard.Ownership;

/// <summary>Who commits a batcher's jackpots, from one epoch on until a row with a higher one replaces it.</summary>
/// <param name="Batcher">The batcher's id.</param>
/// <param name="Epoch">Rises by one with every change of owner.</param>
/// <param name="Replica">The process, of which every start is another.</param>
/// <param name="Address">Base URL under which the owner takes batches of other replicas.</param>
/// <param name="Token">What a sender shows the owner; only who reads this shard's database knows it.</param>
internal sealed record BatcherOwner(string Batcher, long Epoch, Guid Replica, Uri Address, Guid Token);
