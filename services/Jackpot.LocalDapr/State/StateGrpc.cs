using System.Globalization;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Sidecars;
using StateItemMessage = Dapr.Client.Autogen.Grpc.v1.StateItem;

namespace Jackpot.LocalDapr.State;

/// <summary>The state API over gRPC: an etag that does not match is Aborted, which SDKs turn into "not saved".</summary>
static class StateGrpc
{
    public static void BindState(this MethodBinder methods)
    {
        methods.Unary<GetStateRequest, GetStateResponse>("GetState", (sidecar, request, call) =>
            GuardAsync(sidecar, request.StoreName, OfSingle, call, (store, token) => GetAsync(store, request, token)));
        methods.Unary<GetBulkStateRequest, GetBulkStateResponse>("GetBulkState", (sidecar, request, call) =>
            GuardAsync(sidecar, request.StoreName, OfSingle, call, (store, token) => GetManyAsync(store, request, token)));
        methods.Unary<SaveStateRequest, Empty>("SaveState", (sidecar, request, call) =>
            WriteAsync(sidecar, request.StoreName, OfSingle, call, store => request.States.Select(item => Upsert(item, store))));
        methods.Unary<DeleteStateRequest, Empty>("DeleteState", (sidecar, request, call) =>
            WriteAsync(sidecar, request.StoreName, OfSingle, call, store => [Delete(request.Key, request.Etag, request.Options, store)]));
        methods.Unary<DeleteBulkStateRequest, Empty>("DeleteBulkState", (sidecar, request, call) =>
            WriteAsync(sidecar, request.StoreName, OfSingle, call, store => request.States.Select(item => Delete(item.Key, item.Etag, item.Options, store))));
        methods.Unary<ExecuteStateTransactionRequest, Empty>("ExecuteStateTransaction", (sidecar, request, call) =>
            WriteAsync(sidecar, request.StoreName, _ => StatusCode.Internal, call, store => request.Operations.Select(operation => Operation(operation, store))));
    }

    static StatusCode OfSingle(StateConflict conflict) => conflict switch
    {
        StateConflict.ETagMismatch => StatusCode.Aborted,
        StateConflict.ETagInvalid => StatusCode.InvalidArgument,
        _ => StatusCode.Internal,
    };

    static async Task<TResponse> GuardAsync<TResponse>(
        Sidecar sidecar, string name, Func<StateConflict, StatusCode> statusOf, ServerCallContext call, Func<StateStoreEntry, CancellationToken, Task<TResponse>> handle)
    {
        if (sidecar.Components.StateStores.Count == 0)
        {
            throw GrpcFailure.Of(StatusCode.FailedPrecondition, $"state store {name} is not configured");
        }
        if (!sidecar.Components.StateStores.TryGetValue(name, out var store))
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, $"state store {name} is not found");
        }
        try
        {
            return await sidecar.Policies.OutboundOf(name, "Statestore").RunAsync(token => handle(store, token), call.CancellationToken);
        }
        catch (StateRequestException refused)
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, refused.Message);
        }
        catch (StateConflictException conflict)
        {
            throw GrpcFailure.Of(statusOf(conflict.Conflict), $"failed on state store {name}: {conflict.Message}");
        }
        catch (Exception failed) when (failed is Npgsql.NpgsqlException or TimeoutException)
        {
            throw GrpcFailure.Of(StatusCode.Internal, $"failed on state store {name}: {failed.Message}");
        }
    }

    static Task<Empty> WriteAsync(
        Sidecar sidecar, string name, Func<StateConflict, StatusCode> statusOf, ServerCallContext call, Func<StateStoreEntry, IEnumerable<StateOperation>> operations) =>
        GuardAsync(sidecar, name, statusOf, call, async (store, token) =>
        {
            await store.Store.WriteAsync([.. operations(store)], token);
            return new Empty();
        });

    static async Task<GetStateResponse> GetAsync(StateStoreEntry store, GetStateRequest request, CancellationToken cancellation)
    {
        var response = new GetStateResponse();
        if (await store.Store.GetAsync(StateRequests.FullKey(request.Key, store), cancellation) is { } item)
        {
            response.Data = UnsafeByteOperations.UnsafeWrap(item.Value);
            response.Etag = item.ETag;
            if (item.ExpiresAt is { } expires)
            {
                response.Metadata["ttlExpireTime"] = expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            }
        }
        return response;
    }

    static async Task<GetBulkStateResponse> GetManyAsync(StateStoreEntry store, GetBulkStateRequest request, CancellationToken cancellation)
    {
        var response = new GetBulkStateResponse();
        var items = await store.Store.GetManyAsync([.. request.Keys.Select(key => StateRequests.FullKey(key, store))], cancellation);
        foreach (var (key, item) in request.Keys.Zip(items))
        {
            response.Items.Add(item is null ? new BulkStateItem { Key = key } : new BulkStateItem { Key = key, Data = UnsafeByteOperations.UnsafeWrap(item.Value), Etag = item.ETag });
        }
        return response;
    }

    static StateOperation Operation(TransactionalStateOperation operation, StateStoreEntry store)
    {
        var item = operation.Request ?? throw new StateRequestException("an operation has no request");
        return operation.OperationType switch
        {
            "upsert" => Upsert(item, store),
            "delete" => Delete(item.Key, item.Etag, item.Options, store),
            var other => throw new StateRequestException($"operation type {other} not supported"),
        };
    }

    static StateOperation Upsert(StateItemMessage item, StateStoreEntry store) => new(
        StateRequests.FullKey(item.Key, store), item.Value.ToByteArray(), ETagOf(item.Etag), IsFirstWrite(item.Options),
        item.Metadata.TryGetValue("ttlInSeconds", out var ttl) ? StateRequests.TimeToLive(ttl) : null);

    static StateOperation Delete(string key, Etag? etag, StateOptions? options, StateStoreEntry store) =>
        new(StateRequests.FullKey(key, store), null, ETagOf(etag), IsFirstWrite(options));

    static string? ETagOf(Etag? etag) => etag?.Value is { Length: > 0 } text ? text : null;

    static bool IsFirstWrite(StateOptions? options) => options?.Concurrency == StateOptions.Types.StateConcurrency.ConcurrencyFirstWrite;
}
