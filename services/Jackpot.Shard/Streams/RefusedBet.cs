using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Views;

namespace Jackpot.Shard.Streams;

/// <summary>A bet on the dead letter topic: as it was sent, and why it was refused. Read it, mend what the problem names, publish it again.</summary>
internal sealed record RefusedBet(ProblemBody Problem, JsonElement Bet)
{
    public const string EventType = "jp.bet.refused";

    public static JsonElement Of(StreamedBet bet)
    {
        var (refused, problem) = (bet.Refused!, Problems.Problem.For(bet.Refused!.Refusal));
        return JsonSerializer.SerializeToElement(
            new RefusedBet(new ProblemBody(problem.Type, problem.Title, problem.Status, refused.Detail, null, refused.Reason), bet.Data),
            RefusedBetJson.Default.RefusedBet);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RefusedBet))]
internal sealed partial class RefusedBetJson : JsonSerializerContext;
