namespace Jackpot.Cli.Supervision;

/// <summary>What a running service says that it cannot do, for example which subscription has not answered: everything after "ready" on its /readyz.</summary>
static class ReadinessNotes
{
    internal static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(3);

    const string Ready = "ready";
    const int NotesMax = 20;

    internal static async Task<IReadOnlyList<string>> OfAsync(HttpClient http, string url)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(url.TrimEnd('/') + "/readyz"));
            var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return [.. (answer.IsSuccessStatusCode && lines is [Ready, ..] ? lines.Skip(1) : lines).Take(NotesMax)];
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return [$"gives no answer: {fault.Message}"];
        }
    }
}
