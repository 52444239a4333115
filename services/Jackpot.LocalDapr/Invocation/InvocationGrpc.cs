using System.Net.Http.Headers;
using System.Text;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Apps;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Sidecars;
using HttpVerb = Dapr.Client.Autogen.Grpc.v1.HTTPExtension.Types.Verb;

namespace Jackpot.LocalDapr.Invocation;

/// <summary>Service invocation over gRPC of applications that speak HTTP: a status that is no success becomes a gRPC status.</summary>
static class InvocationGrpc
{
    public static void BindInvocation(this MethodBinder methods) => methods.Unary<InvokeServiceRequest, InvokeResponse>("InvokeService", InvokeAsync);

    static async Task<InvokeResponse> InvokeAsync(Sidecar sidecar, InvokeServiceRequest request, ServerCallContext call)
    {
        if (request.Message?.HttpExtension is not { Verb: not (HttpVerb.None or HttpVerb.Connect) })
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, "an application that speaks HTTP is called with a verb in http_extension");
        }
        try
        {
            using var answer = await AppCall.SendAsync(sidecar, request.Id, address => RequestOf(address, request.Message, call.RequestHeaders), call.CancellationToken);
            using var body = await PooledBody.ReadAsync(
                await answer.Content.ReadAsStreamAsync(call.CancellationToken), answer.Content.Headers.ContentLength, sidecar.Options.MaxBodySizeBytes, call.CancellationToken);
            return answer.IsSuccessStatusCode
                ? new InvokeResponse { Data = new Any { Value = ByteString.CopyFrom(body.Memory.Span) }, ContentType = answer.Content.Headers.ContentType?.ToString() ?? "" }
                : throw GrpcFailure.Of(StatusOf((int)answer.StatusCode), Encoding.UTF8.GetString(body.Memory.Span));
        }
        catch (Exception failed) when (failed is HttpRequestException or AppUnhealthyException or UnknownAppException)
        {
            throw GrpcFailure.Of(StatusCode.Internal, $"failed to invoke, id: {request.Id}, err: {failed.Message}");
        }
    }

    static HttpRequestMessage RequestOf(string address, InvokeRequest message, Metadata headers)
    {
        var query = message.HttpExtension.Querystring is { Length: > 0 } given ? "?" + given : "";
        var request = new HttpRequestMessage(new HttpMethod(message.HttpExtension.Verb.ToString().ToUpperInvariant()), $"{address}/{message.Method.TrimStart('/')}{query}");
        if (message.Data is { Value.IsEmpty: false } data)
        {
            request.Content = new ReadOnlyMemoryContent(data.Value.Memory);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(message.ContentType, out var type) ? type : null;
        }
        foreach (var header in headers.Where(header => !header.IsBinary && ForwardedHeaders.MayCross(header.Key)))
        {
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
        return request;
    }

    static StatusCode StatusOf(int http) => http switch
    {
        400 => StatusCode.InvalidArgument,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        408 => StatusCode.Cancelled,
        409 => StatusCode.AlreadyExists,
        412 => StatusCode.FailedPrecondition,
        429 => StatusCode.ResourceExhausted,
        501 => StatusCode.Unimplemented,
        503 => StatusCode.Unavailable,
        504 => StatusCode.DeadlineExceeded,
        _ => StatusCode.Unknown,
    };
}
