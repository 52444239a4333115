using System.Text.Json.Serialization;

namespace Jackpot.LocalDapr.Faults;

/// <summary>Legal but unpleasant behaviours of the real thing that can be called up.</summary>
enum FaultKind
{
    /// <summary>A message is handed to the app twice.</summary>
    DuplicateMessage,

    /// <summary>A message is handed over late.</summary>
    DelayMessage,

    /// <summary>A message is handed over after the one that follows it.</summary>
    ReorderMessage,

    /// <summary>The app took the message, its acknowledgement is lost, it comes again.</summary>
    RedeliverMessage,

    /// <summary>An activity runs a second time after it has answered.</summary>
    ActivityTwice,

    /// <summary>A worker's completion call breaks before it has had any effect.</summary>
    DropCompletion,

    /// <summary>A call of an actor runs in a second place, or with a single host beside the running turn.</summary>
    DoubleActivation,

    /// <summary>An app and its sidecar cannot reach each other.</summary>
    CutApp,

    /// <summary>Every actor is deactivated, and actor calls find no owner until the rule is deleted.</summary>
    PausePlacement,

    /// <summary>The app's open work-item streams are handed nothing more, so that workflow starts hang, while all is reported well; a stream that is opened anew works.</summary>
    StallWorkflows,
}

/// <summary>A switched-on fault. With the same seed and the same order of occasions it strikes at the same ones.</summary>
sealed record FaultRule
{
    public required FaultKind Kind { get; set; }

    /// <summary>Only this app; null = all.</summary>
    public string? AppId { get; set; }

    /// <summary>Only this topic, activity or actor type; null = all.</summary>
    public string? Subject { get; set; }

    /// <summary>Chance per occasion, 0 to 1.</summary>
    public double Probability { get; set; } = 1;

    /// <summary>Strikes at most so often; null = no limit.</summary>
    public int? TimesMax { get; set; }

    /// <summary>Of delays and of how long a reordered message waits for its successor.</summary>
    public int DelayMs { get; set; } = 500;

    public int Seed { get; set; }

    /// <summary>Given when it is switched on.</summary>
    public int Id { get; set; }

    /// <summary>How often it has struck.</summary>
    public int Struck { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(FaultKindNames)])]
[JsonSerializable(typeof(FaultRule))]
[JsonSerializable(typeof(FaultRule[]))]
sealed partial class FaultJson : JsonSerializerContext;

/// <summary>Kinds are written <c>duplicate-message</c>.</summary>
sealed class FaultKindNames() : JsonStringEnumConverter<FaultKind>(System.Text.Json.JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
