using System.Reflection;

namespace Jackpot.Dapr.Actors;

/// <summary>A method of an actor's class that a timer may call: <c>Task M()</c> or <c>Task M(byte[])</c>, of any visibility.</summary>
internal sealed record ActorTimerCallback(Func<object, byte[], Task> Call)
{
    public static Dictionary<string, ActorTimerCallback> FindAll(Type actorClass)
    {
        var found = new Dictionary<string, ActorTimerCallback>(StringComparer.Ordinal);
        foreach (var method in actorClass.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (method.ReturnType == typeof(Task) && method.DeclaringType != typeof(Actor) && !method.IsGenericMethod)
            {
                if (Compile(method) is { } callback)
                {
                    found.TryAdd(method.Name, callback);
                }
            }
        }

        return found;
    }

    static ActorTimerCallback? Compile(MethodInfo method) => method.GetParameters() switch
    {
        [] => new((actor, _) => (Task)method.Invoke(actor, BindingFlags.DoNotWrapExceptions, null, null, null)!),
        [var only] when only.ParameterType == typeof(byte[]) =>
            new((actor, data) => (Task)method.Invoke(actor, BindingFlags.DoNotWrapExceptions, null, [data], null)!),
        _ => null,
    };
}
