using System.Text.Json;

namespace Jackpot.Dapr.Workflows;

/// <summary>Inputs, results and events travel as JSON text; nothing is sent for null, and an empty text is read as nothing.</summary>
internal static class WorkflowJson
{
    public static string? Write(object? value, JsonSerializerOptions options) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), options);

    public static object? Read(string? json, Type type, JsonSerializerOptions options)
    {
        if (string.IsNullOrEmpty(json))
        {
            return type.IsValueType ? Activator.CreateInstance(type) : null;
        }

        return JsonSerializer.Deserialize(json, type, options);
    }

    public static T Read<T>(string? json, JsonSerializerOptions options) => string.IsNullOrEmpty(json) ? default! : JsonSerializer.Deserialize<T>(json, options)!;
}
