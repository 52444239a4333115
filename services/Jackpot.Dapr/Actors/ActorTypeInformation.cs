using System.Reflection;

namespace Jackpot.Dapr.Actors;

/// <summary>Names an actor's type when the class name will not do.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ActorAttribute : Attribute
{
    /// <summary>The type name that Dapr knows.</summary>
    public string? TypeName { get; set; }
}

/// <summary>A registered actor type: its name, its class and what can be called on it.</summary>
public sealed class ActorTypeInformation
{
    readonly Dictionary<string, ActorMethod> _methods;
    readonly Dictionary<string, ActorTimerCallback> _callbacks;

    internal ActorTypeInformation(Type implementationType, string? actorTypeName)
    {
        ImplementationType = implementationType;
        ActorTypeName = actorTypeName ?? implementationType.GetCustomAttribute<ActorAttribute>()?.TypeName ?? implementationType.Name;
        InterfaceTypes = [.. implementationType.GetInterfaces().Where(type => type != typeof(IActor) && typeof(IActor).IsAssignableFrom(type))];
        if (InterfaceTypes.Count == 0 && !typeof(IRemindable).IsAssignableFrom(implementationType))
        {
            throw new ArgumentException($"{implementationType} cannot be called: it implements no interface that derives from {nameof(IActor)}.", nameof(implementationType));
        }

        _methods = InterfaceTypes.SelectMany(type => type.GetMethods()).ToDictionary(method => method.Name, method => ActorMethod.Compile(method), StringComparer.Ordinal);
        _callbacks = ActorTimerCallback.FindAll(implementationType);
    }

    /// <summary>The name that Dapr knows.</summary>
    public string ActorTypeName { get; }

    /// <summary>The class.</summary>
    public Type ImplementationType { get; }

    /// <summary>The remote interfaces of the class. A method name may occur once over all of them.</summary>
    public IReadOnlyList<Type> InterfaceTypes { get; }

    internal ActorMethod? FindMethod(string name) => _methods.GetValueOrDefault(name);

    internal ActorTimerCallback? FindTimerCallback(string name) => _callbacks.GetValueOrDefault(name);

    internal bool HasTimerCallback(string name) => _callbacks.ContainsKey(name);
}
