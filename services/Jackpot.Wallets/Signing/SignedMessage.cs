using System.Security.Cryptography;

namespace Jackpot.Wallets.Signing;

/// <summary>
/// What a signature is over (RFC 9421): of a request its method, whole address and body; of an answer its status, its body and the signature of the
/// request, so that it answers that request and no other. A body travels as its digest (RFC 9530); no body is an empty one.
/// </summary>
public sealed class SignedMessage
{
    const string DigestOfBody = "\"content-digest\"";

    readonly (string Name, string Value)[] _components;

    SignedMessage(ReadOnlySpan<byte> body, params ReadOnlySpan<(string, string)> components) =>
        (Digest, _components) = ($"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:", components.ToArray());

    /// <param name="target">As it is sent: scheme, host, path and query, in the encoding of the request line.</param>
    public static SignedMessage Request(string method, string target, ReadOnlySpan<byte> body) =>
        new(body, ("\"@method\"", method), ("\"@target-uri\"", target), (DigestOfBody, ""));

    /// <param name="requestSignature">The <c>Signature</c> header of the request.</param>
    public static SignedMessage Answer(int status, ReadOnlySpan<byte> body, string requestSignature) =>
        new(body, ("\"@status\"", $"{status}"), (DigestOfBody, ""), ("\"signature\";req", requestSignature));

    /// <summary>The <c>Content-Digest</c> header of the body.</summary>
    public string Digest { get; }

    internal string Covered => $"({string.Join(' ', _components.Select(component => component.Name))})";

    /// <summary>The text that is signed; <paramref name="parameters"/> is what the <c>Signature-Input</c> says behind the label.</summary>
    internal string Base(string parameters) =>
        string.Concat(_components.Select(component => $"{component.Name}: {(component.Name == DigestOfBody ? Digest : component.Value)}\n")) + $"\"@signature-params\": {parameters}";
}
