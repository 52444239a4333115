using System.Text.Json;

namespace Jackpot.LocalDapr.Answers;

/// <summary>
/// daprd decodes JSON as Go does, which takes the name of a field in any case. SDKs rely on it: the .NET SDK lists its subscriptions with
/// <c>pubsubName</c>, the JavaScript SDK publishes in bulk with <c>entryID</c>.
/// </summary>
static class JsonFields
{
    public static bool TryField(this JsonElement from, string name, out JsonElement value)
    {
        if (from.TryGetProperty(name, out value))
        {
            return true;
        }
        foreach (var field in from.EnumerateObject().Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            value = field.Value;
            return true;
        }
        return false;
    }
}
