using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Secrets;

/// <summary>The secrets API over gRPC; an unknown secret has no values.</summary>
static class SecretGrpc
{
    public static void BindSecrets(this MethodBinder methods)
    {
        methods.Unary<GetSecretRequest, GetSecretResponse>("GetSecret", (sidecar, request, _) => Task.FromResult(Read(sidecar, request.StoreName, request.Key)));
        methods.Unary<GetBulkSecretRequest, GetBulkSecretResponse>("GetBulkSecret", (sidecar, request, _) => Task.FromResult(ReadAll(sidecar, request.StoreName)));
    }

    static GetSecretResponse Read(Sidecar sidecar, string storeName, string key)
    {
        var store = StoreOf(sidecar, storeName);
        var response = new GetSecretResponse();
        response.Data.Add(store.Get(key)?.ToDictionary() ?? []);
        return response;
    }

    static GetBulkSecretResponse ReadAll(Sidecar sidecar, string storeName)
    {
        var response = new GetBulkSecretResponse();
        foreach (var (name, values) in StoreOf(sidecar, storeName).GetAll())
        {
            var secret = new SecretResponse();
            secret.Secrets.Add(values.ToDictionary());
            response.Data[name] = secret;
        }
        return response;
    }

    static FileSecretStore StoreOf(Sidecar sidecar, string name) =>
        sidecar.Components.SecretStores.Count == 0 ? throw GrpcFailure.Of(StatusCode.FailedPrecondition, "secret store is not configured")
        : sidecar.Components.SecretStores.TryGetValue(name, out var store) ? store
        : throw GrpcFailure.Of(StatusCode.InvalidArgument, $"failed finding secret store with key {name}");
}
