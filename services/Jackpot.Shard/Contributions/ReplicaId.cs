namespace Jackpot.Shard.Contributions;

/// <summary>Tells this process from every other: an actor that is called with it lives where its caller does.</summary>
internal sealed class ReplicaId
{
    readonly byte[] _bytes = Guid.NewGuid().ToByteArray();

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public bool Is(ReadOnlySpan<byte> bytes) => bytes.SequenceEqual(_bytes);
}
