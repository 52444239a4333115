using System.Reflection;

namespace DotnetSdk.Running;

/// <summary>A class whose public static methods are checks; the text is printed before their names.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class GroupAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>One fact about the sidecar and how it is proved.</summary>
sealed record Check(string Group, string Name, Func<Bench, Task> Prove)
{
    public static List<Check> FindAll(string? text) =>
    [
        .. from type in typeof(Check).Assembly.GetTypes()
           let @group = type.GetCustomAttribute<GroupAttribute>()
           where @group is not null
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
           let check = new Check(@group.Name, method.Name, method.CreateDelegate<Func<Bench, Task>>())
           where text is null || check.ToString().Contains(text, StringComparison.OrdinalIgnoreCase)
           orderby check.Group, check.Name
           select check,
    ];

    public override string ToString() => $"{Group}: {Name}";
}

/// <summary>The sidecar did something else than the check says.</summary>
sealed class CheckFailure(string message) : Exception(message);

/// <summary>What the check needs is not configured.</summary>
sealed class SkipCheck(string reason) : Exception(reason);
