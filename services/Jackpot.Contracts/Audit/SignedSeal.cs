using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Core.Audit;
using Jackpot.Core.Chain;

namespace Jackpot.Contracts.Audit;

/// <summary>A seal of an audit log as a JSON document, with its signature: what lies in the store that nobody writes twice, and what a shard answers.</summary>
/// <param name="Seal">What is sealed.</param>
/// <param name="KeyId">Which key signed: <see cref="KeyIdOf"/>.</param>
/// <param name="Signature">ECDSA on P-256 with SHA-256 over <see cref="AuditSeal.Hash"/>, r and s of 32 bytes each (IEEE P1363).</param>
public sealed record SignedSeal(AuditSeal Seal, string KeyId, ImmutableArray<byte> Signature)
{
    /// <summary>The one algorithm there is.</summary>
    public const string Algorithm = "ES256";

    /// <summary>Signs a seal.</summary>
    public static SignedSeal Sign(AuditSeal seal, ECDsa key) => new(seal, KeyIdOf(key), [.. key.SignData(seal.Hash().ToArray(), HashAlgorithmName.SHA256)]);

    /// <summary>Whether the signature is this key's, over this seal.</summary>
    public bool IsSignedBy(ECDsa key) => KeyId == KeyIdOf(key) && key.VerifyData(Seal.Hash().ToArray(), Signature.AsSpan(), HashAlgorithmName.SHA256);

    /// <summary>The first 16 hexadecimal characters of the SHA-256 of the public key (SubjectPublicKeyInfo).</summary>
    public static string KeyIdOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];

    /// <summary>The document, on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new SealDocument(
            new SealFields(
                Seal.Shard, Seal.Number, Seal.AtUnixMs, Seal.First, [.. Seal.Digests.Select(digest => digest.ToString())],
                [.. Seal.Heads.Select(head => new HeadFields(head.JackpotId, head.Sequence, head.Head.ToString()))], Seal.Previous.ToString()),
            Seal.Root.ToString(), Seal.Hash().ToString(), Algorithm, KeyId, Convert.ToBase64String([.. Signature])),
        SealJson.Default.SealDocument);

    /// <summary>Reads a document; root and hash in it are for people and are computed anew.</summary>
    /// <exception cref="FormatException">It is no such document.</exception>
    public static SignedSeal Parse(string json)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, SealJson.Default.SealDocument) ?? throw new FormatException("a seal is a JSON object");
            if (document.Algorithm != Algorithm)
            {
                throw new FormatException($"a seal is signed by {Algorithm}, not by '{document.Algorithm}'");
            }

            var seal = document.Seal;
            return new SignedSeal(
                new AuditSeal(
                    seal.Shard, seal.Number, seal.AtMs, seal.First, [.. seal.Entries.Select(Hash32.Parse)],
                    [.. seal.Heads.Select(head => new JackpotHead(head.JackpotId, head.Sequence, Hash32.Parse(head.Head)))], Hash32.Parse(seal.Previous)),
                document.KeyId, [.. Convert.FromBase64String(document.Signature)]);
        }
        catch (JsonException e)
        {
            throw new FormatException("this is no seal of an audit log: " + e.Message, e);
        }
    }
}

sealed record SealDocument(SealFields Seal, string Root, string Hash, string Algorithm, string KeyId, string Signature);

sealed record SealFields(string Shard, long Number, long AtMs, long First, IReadOnlyList<string> Entries, IReadOnlyList<HeadFields> Heads, string Previous);

sealed record HeadFields(string JackpotId, long Sequence, string Head);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SealDocument))]
sealed partial class SealJson : JsonSerializerContext;
