using System.Reflection;

namespace Jackpot.Dapr.Conformance.Running;

/// <summary>A class whose public static methods are cases; the text is the heading under which they are printed.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class GroupAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>The cases of the group share something and run one after the other.</summary>
    public bool InOrder { get; set; }

    /// <summary>The group disturbs others and runs after them.</summary>
    public bool Alone { get; set; }
}

/// <summary>The case makes the sidecar misbehave, which only LocalDapr can be told to.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class NeedsFaultsAttribute : Attribute;

/// <summary>One fact and how it is proved.</summary>
sealed record ConformanceCase(string Group, string Name, bool InOrder, bool Alone, bool NeedsFaults, Func<Bench, Task> Prove)
{
    public static List<ConformanceCase> FindAll(string? filter) =>
    [
        .. typeof(ConformanceCase).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<GroupAttribute>() is not null)
            .OrderBy(type => type.GetCustomAttribute<GroupAttribute>()!.Name, StringComparer.Ordinal)
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .Select(method => Of(type.GetCustomAttribute<GroupAttribute>()!, method)))
            .Where(found => filter is null || filter.Split(',').Any(part => found.ToString().Contains(part, StringComparison.OrdinalIgnoreCase))),
    ];

    public override string ToString() => $"{Group}: {Name}";

    static ConformanceCase Of(GroupAttribute group, MethodInfo method) => new(
        group.Name,
        method.Name,
        group.InOrder || group.Alone,
        group.Alone,
        method.GetCustomAttribute<NeedsFaultsAttribute>() is not null,
        method.CreateDelegate<Func<Bench, Task>>());
}
