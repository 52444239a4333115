using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Grpc.Core;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Bindings;

/// <summary>Output bindings over gRPC.</summary>
static class BindingGrpc
{
    public static void BindBindings(this MethodBinder methods) => methods.Unary<InvokeBindingRequest, InvokeBindingResponse>("InvokeBinding", InvokeAsync);

    static async Task<InvokeBindingResponse> InvokeAsync(Sidecar sidecar, InvokeBindingRequest request, ServerCallContext call)
    {
        if (!sidecar.Components.Bindings.TryGetValue(request.Name, out var binding))
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, $"error invoking output binding {request.Name}: couldn't find output binding {request.Name}");
        }
        try
        {
            var asked = new BindingRequest(request.Operation, request.Data.ToByteArray(), new Dictionary<string, string>(request.Metadata, StringComparer.Ordinal));
            var answer = await sidecar.Policies.OutboundOf(request.Name, "Bindings").RunAsync(token => binding.InvokeAsync(asked, token), call.CancellationToken);
            var response = new InvokeBindingResponse { Data = UnsafeByteOperations.UnsafeWrap(answer.Data) };
            response.Metadata.Add(answer.Metadata.ToDictionary());
            return response;
        }
        catch (Exception failed) when (failed is BindingException or IOException)
        {
            throw GrpcFailure.Of(StatusCode.Internal, $"error invoking output binding {request.Name}: {failed.Message}");
        }
    }
}
