using System.Linq.Expressions;
using System.Reflection;

namespace Jackpot.Dapr.Actors;

/// <summary>A method of an actor's interface as a compiled call, so that no reflection runs per request.</summary>
internal sealed class ActorMethod
{
    ActorMethod(string name, Type? argumentType, Type? resultType)
    {
        Name = name;
        ArgumentType = argumentType;
        ResultType = resultType;
    }

    public string Name { get; }

    /// <summary>Null when the method takes no argument.</summary>
    public Type? ArgumentType { get; }

    /// <summary>Null when the method gives back a plain task.</summary>
    public Type? ResultType { get; }

    /// <summary>Set when bytes go in and bytes come out; then the JSON call is not used.</summary>
    public Func<object, ReadOnlyMemory<byte>, CancellationToken, Task<ReadOnlyMemory<byte>>>? CallRaw { get; private init; }

    public required Func<object, object?, CancellationToken, Task> Call { get; init; }

    /// <summary>Takes the result out of the finished task; null for a plain task.</summary>
    public required Func<Task, object?>? ReadResult { get; init; }

    public static ActorMethod Compile(MethodInfo method)
    {
        var parameters = method.GetParameters();
        var takesToken = parameters.Length > 0 && parameters[^1].ParameterType == typeof(CancellationToken);
        var argument = (takesToken ? parameters[..^1] : parameters) switch
        {
            [] => null,
            [var single] => single.ParameterType,
            _ => throw Unsupported(method, "takes more than one argument; put them into a record"),
        };
        var result = ResultTypeOf(method);

        var actor = Expression.Parameter(typeof(object));
        var boxed = Expression.Parameter(typeof(object));
        var token = Expression.Parameter(typeof(CancellationToken));
        var call = CallOf(method, actor, argument is null ? null : Expression.Convert(boxed, argument), takesToken ? token : null);
        return new ActorMethod(method.Name, argument, result)
        {
            Call = Expression.Lambda<Func<object, object?, CancellationToken, Task>>(call, actor, boxed, token).Compile(),
            ReadResult = result is null ? null : CompileReadResult(result),
            CallRaw = argument == typeof(ReadOnlyMemory<byte>) && result == typeof(ReadOnlyMemory<byte>) ? CompileRaw(method, takesToken) : null,
        };
    }

    static Func<object, ReadOnlyMemory<byte>, CancellationToken, Task<ReadOnlyMemory<byte>>> CompileRaw(MethodInfo method, bool takesToken)
    {
        var actor = Expression.Parameter(typeof(object));
        var bytes = Expression.Parameter(typeof(ReadOnlyMemory<byte>));
        var token = Expression.Parameter(typeof(CancellationToken));
        var call = CallOf(method, actor, bytes, takesToken ? token : null);
        return Expression.Lambda<Func<object, ReadOnlyMemory<byte>, CancellationToken, Task<ReadOnlyMemory<byte>>>>(call, actor, bytes, token).Compile();
    }

    static MethodCallExpression CallOf(MethodInfo method, Expression actor, Expression? argument, Expression? token) =>
        Expression.Call(
            Expression.Convert(actor, method.DeclaringType!),
            method,
            new[] { argument, token }.OfType<Expression>());

    static Func<Task, object?> CompileReadResult(Type result)
    {
        var task = Expression.Parameter(typeof(Task));
        var value = Expression.Property(Expression.Convert(task, typeof(Task<>).MakeGenericType(result)), nameof(Task<object>.Result));
        return Expression.Lambda<Func<Task, object?>>(Expression.Convert(value, typeof(object)), task).Compile();
    }

    static Type? ResultTypeOf(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task))
        {
            return null;
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)
            ? type.GetGenericArguments()[0]
            : throw Unsupported(method, "must give back Task or Task<T>");
    }

    static ArgumentException Unsupported(MethodInfo method, string why) => new($"Actor method {method.DeclaringType?.Name}.{method.Name} {why}.");
}
