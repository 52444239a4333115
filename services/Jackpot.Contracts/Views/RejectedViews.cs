using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Contracts.Views;

/// <summary>A kept message, without what it says.</summary>
/// <param name="State">waiting, retried or dropped.</param>
/// <param name="ReceivedAt">When it came first.</param>
/// <param name="Seen">How often it came.</param>
/// <param name="Mended">Whether staff have put another body in its place.</param>
/// <param name="Attempts">How often staff sent it again.</param>
public sealed record RejectedView(
    long Id,
    string State,
    string Topic,
    string? TenantId,
    string Reason,
    string Detail,
    string EventId,
    DateTimeOffset ReceivedAt,
    long Seen,
    DateTimeOffset SeenLastAt,
    int BodyBytes,
    bool Mended,
    int Attempts,
    string? DecidedBy,
    string? Why,
    DateTimeOffset? DecidedAt);

/// <summary>Kept messages, oldest first.</summary>
/// <param name="Rejected">One page.</param>
/// <param name="Next">Ask again with this as 'after'; left out on the last page.</param>
public sealed record RejectedList(IReadOnlyList<RejectedView> Rejected, long? Next);

/// <summary>A kept message and what it says.</summary>
/// <param name="Message">All that the list tells of it.</param>
/// <param name="Body">As it came, when it is JSON.</param>
/// <param name="BodyBase64">As it came, when it is not.</param>
/// <param name="MendedBody">What staff have put in its place.</param>
public sealed record RejectedShown(RejectedView Message, JsonElement? Body, byte[]? BodyBase64, JsonElement? MendedBody);

/// <summary>Sends a kept message again.</summary>
/// <param name="Why">For the audit log.</param>
/// <param name="Body">What to send in place of what came; left out: the same, or what was last put in its place.</param>
public sealed record RetryBody(string? Why, JsonElement? Body);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RejectedView))]
[JsonSerializable(typeof(RejectedList))]
[JsonSerializable(typeof(RejectedShown))]
[JsonSerializable(typeof(RetryBody))]
public sealed partial class RejectedJson : JsonSerializerContext;
