using Jackpot.Wallet.Faults;
using Jackpot.Wallets.Signing;
using Microsoft.AspNetCore.Http.Features;

namespace Jackpot.Wallet.Requests;

/// <summary>
/// Where keys are agreed on (<c>Wallet:Keys:&lt;key id&gt;</c> is the secret), nothing below /wallet/ is done without a platform's signature, and
/// every answer is signed with the same key.
/// </summary>
static class SignatureGate
{
    internal static void UseSignatures(this WebApplication app)
    {
        var keys = app.Configuration.GetSection("Wallet:Keys").GetChildren().ToDictionary(key => key.Key, key => new SigningKey(key.Key, key.Value ?? ""));
        if (keys.Count == 0)
        {
            return;
        }

        var (seen, flaws) = (new NonceMemory(), app.Services.GetRequiredService<WalletFlaws>());
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/wallet"), signed => signed.Use((http, next) => EnterAsync(http, next, keys, seen, flaws)));
    }

    static async Task EnterAsync(HttpContext http, RequestDelegate next, Dictionary<string, SigningKey> keys, NonceMemory seen, WalletFlaws flaws)
    {
        http.Request.EnableBuffering();
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        http.Request.Body.Position = 0;
        var headers = new SignatureHeaders(One(http, SignatureHeaders.DigestName), One(http, SignatureHeaders.InputName), One(http, SignatureHeaders.SignatureName));
        var target = $"{http.Request.Scheme}://{http.Request.Host}{http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}";
        var message = SignedMessage.Request(http.Request.Method, target, body.GetBuffer().AsSpan(0, (int)body.Length));
        var fault = HttpSignature.Verify(message, headers, keys, DateTimeOffset.UtcNow, flaws.Has(Flaw.BelievesReplays) ? null : seen);
        if (fault is not null && !flaws.Has(Flaw.BelievesAnySignature) && !(fault == SignatureFault.Stale && flaws.Has(Flaw.BelievesAnyClock)))
        {
            await TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized, type: "urn:jackpot:problem:signature",
                detail: $"The request's signature is not believed: {fault}. Known keys: {string.Join(", ", keys.Keys)}.").ExecuteAsync(http);
            return;
        }

        await AnswerAsync(http, next, flaws.Has(Flaw.SignsNothing) ? null : KeyOf(headers, keys), headers.Signature);
    }

    /// <summary>An answer is held back until it is whole, because its signature stands before it.</summary>
    static async Task AnswerAsync(HttpContext http, RequestDelegate next, SigningKey? key, string requestSignature)
    {
        var (wire, buffer) = (http.Response.Body, new MemoryStream());
        http.Response.Body = buffer;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = wire;
        }

        if (http.RequestAborted.IsCancellationRequested || http.Response.HasStarted)
        {
            return;
        }

        var answer = buffer.ToArray();
        if (key is not null)
        {
            var headers = HttpSignature.Sign(SignedMessage.Answer(http.Response.StatusCode, answer, requestSignature), key, DateTimeOffset.UtcNow);
            http.Response.Headers[SignatureHeaders.DigestName] = headers.ContentDigest;
            http.Response.Headers[SignatureHeaders.InputName] = headers.SignatureInput;
            http.Response.Headers[SignatureHeaders.SignatureName] = headers.Signature;
        }

        http.Response.ContentLength ??= answer.Length;
        await wire.WriteAsync(answer, http.RequestAborted);
    }

    static SigningKey? KeyOf(SignatureHeaders headers, Dictionary<string, SigningKey> keys) =>
        keys.Values.FirstOrDefault(key => headers.SignatureInput.Contains($"keyid=\"{key.Id}\"", StringComparison.Ordinal));

    static string One(HttpContext http, string name) => http.Request.Headers[name] is { Count: 1 } one ? one.ToString() : "";
}
