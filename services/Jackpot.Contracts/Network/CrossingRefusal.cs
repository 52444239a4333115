namespace Jackpot.Contracts.Network;

/// <summary>Why bytes that came over a border are not opened, in the order in which it is asked. What is refused is counted, kept and never applied.</summary>
public enum CrossingRefusal
{
    /// <summary>More bytes than any message has.</summary>
    TooLarge,

    /// <summary>No envelope, or one that is spelt otherwise than ours are.</summary>
    MalformedEnvelope,

    /// <summary>A type or version that nobody here knows.</summary>
    UnknownType,

    /// <summary>The shard is in no region that is believed.</summary>
    UnknownShard,

    /// <summary>The key's name is not on the ring; also that of a key that was taken out.</summary>
    UnknownKey,

    /// <summary>The key is believed, but it is not the key of the shard's region.</summary>
    KeyOfOtherRegion,

    /// <summary>There is no signature.</summary>
    NotSigned,

    /// <summary>The signature is of something else, or by somebody else.</summary>
    Forged,

    /// <summary>What was signed is not exactly a message of its type.</summary>
    MalformedMessage,

    /// <summary>The message speaks for another shard than the one that signed.</summary>
    SpeaksForAnother,

    /// <summary>It came before, or is so old that nobody remembers whether it did.</summary>
    Replayed,
}
