using System.Collections.Concurrent;
using System.Reflection;

namespace Jackpot.Dapr.Actors;

/// <summary>Implements an actor's interface at run time: every method becomes a call of <see cref="ActorProxy"/>.</summary>
#pragma warning disable CA1852 // DispatchProxy derives a class from this one at run time.
internal class ActorInterfaceProxy : DispatchProxy
#pragma warning restore CA1852
{
    static readonly ConcurrentDictionary<MethodInfo, Func<ActorProxy, object?, CancellationToken, object>> Calls = new();

    ActorProxy? _proxy;

    public static TActorInterface Create<TActorInterface>(ActorProxy proxy)
        where TActorInterface : class
    {
        var created = Create<TActorInterface, ActorInterfaceProxy>();
        ((ActorInterfaceProxy)(object)created)._proxy = proxy;
        return created;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var token = args is [.., CancellationToken last] ? last : CancellationToken.None;
        var argument = args is [{ } first, ..] and not [CancellationToken, ..] ? first : null;
        return Calls.GetOrAdd(targetMethod!, Build)(_proxy!, argument, token);
    }

    static Func<ActorProxy, object?, CancellationToken, object> Build(MethodInfo method)
    {
        var compiled = ActorMethod.Compile(method);
        if (compiled.CallRaw is not null)
        {
            return (proxy, argument, token) => proxy.InvokeRawAsync(method.Name, (ReadOnlyMemory<byte>)argument!, token);
        }

        var hasArgument = compiled.ArgumentType is not null;
        if (compiled.ResultType is null)
        {
            return (proxy, argument, token) => hasArgument ? proxy.InvokeMethodAsync<object?>(method.Name, argument, token) : proxy.InvokeMethodAsync(method.Name, token);
        }

        return typeof(ActorInterfaceProxy).GetMethod(nameof(WithResult), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(compiled.ResultType)
            .CreateDelegate<Func<string, bool, Func<ActorProxy, object?, CancellationToken, object>>>()(method.Name, hasArgument);
    }

    static Func<ActorProxy, object?, CancellationToken, object> WithResult<TResult>(string name, bool hasArgument) =>
        (proxy, argument, token) => hasArgument
            ? proxy.InvokeMethodAsync<object?, TResult>(name, argument, token)
            : proxy.InvokeMethodAsync<TResult>(name, token);
}
