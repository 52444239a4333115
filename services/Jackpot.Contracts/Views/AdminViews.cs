using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Contracts.Views;

/// <summary>A reason, as the audit log keeps it.</summary>
public sealed record WhyBody(string? Why);

/// <summary>A change of a jackpot's terms. <c>after</c> is a whole definition, as <c>regions/&lt;region&gt;/jackpots/*.json</c> has it.</summary>
public sealed record ChangeBody([property: JsonRequired] JsonElement After, string? Why);

/// <summary>A change of terms: who wants what, how far it is, and field by field what is in force.</summary>
/// <param name="Status">draft, proposed, approved, effective, rejected or withdrawn.</param>
/// <param name="DecidedBy">Who approved or rejected it.</param>
/// <param name="Decision">The reason that was given for the decision.</param>
/// <param name="BeforeVersion">The version of the terms that the author saw.</param>
public sealed record ChangeView(
    long ChangeId,
    string JackpotId,
    string Status,
    string Author,
    string Why,
    string? DecidedBy,
    string? Decision,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt,
    int BeforeVersion,
    IReadOnlyList<ChangedFieldView> Fields,
    JsonElement Before,
    JsonElement After);

/// <summary>One field that a change touches, for example <c>pools.euro-spins-main.seed</c>.</summary>
/// <param name="Before">Left out when there was none.</param>
/// <param name="After">Left out when there is none any more.</param>
/// <param name="InForce">Whether it has taken effect.</param>
/// <param name="WaitsForPool">The pool whose next cycle it takes effect with; left out when approval itself is enough.</param>
/// <param name="WaitsForCycle">That cycle, if the pool drops only once before.</param>
public sealed record ChangedFieldView(
    string Field, JsonElement? Before, JsonElement? After, bool InForce, string? WaitsForPool, long? WaitsForCycle);

/// <summary>Changes of a jackpot, newest first.</summary>
public sealed record ChangeList(IReadOnlyList<ChangeView> Changes);

/// <summary>Where the money of each pool goes when its jackpot ends.</summary>
public sealed record TransferBody([property: JsonRequired] IReadOnlyDictionary<string, string> Pools, string? Why);

/// <summary>An order to move everything that a jackpot holds and to end it.</summary>
/// <param name="Status">proposed, done, rejected or withdrawn.</param>
public sealed record TransferView(
    long TransferId,
    string JackpotId,
    IReadOnlyDictionary<string, string> Pools,
    string Status,
    string Author,
    string Why,
    string? DecidedBy,
    string? Decision,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt);

/// <summary>Transfers of a jackpot, newest first.</summary>
public sealed record TransferList(IReadOnlyList<TransferView> Transfers);

/// <summary>A jackpot to be made from a template.</summary>
public sealed record InstanceBody(
    [property: JsonRequired] string JackpotId, [property: JsonRequired] string Name, [property: JsonRequired] IReadOnlyList<string> Tenants);

/// <summary>The player whose own pot shall be made from a template.</summary>
public sealed record PersonalPotBody([property: JsonRequired] string TenantId, [property: JsonRequired] string PlayerId);

/// <summary>A jackpot that was made, or was there already.</summary>
public sealed record CreatedView(string JackpotId, IReadOnlyList<string> PoolIds);

/// <summary>One entry of the audit log; see <c>Jackpot.Core.Audit.AuditChain</c> for what the hashes cover.</summary>
public sealed record AuditEntryView(
    long Number,
    long AtMs,
    string Component,
    string Action,
    string Person,
    string AuthorisedBy,
    string Why,
    string Before,
    string After,
    string Previous,
    string Hash);

/// <summary>What a walk through the audit log found. Whoever keeps <c>head</c> elsewhere can tell later that nothing was cut off or written anew.</summary>
/// <param name="Entries">How many there are.</param>
/// <param name="Head">The hash of the last one; zeros when there is none.</param>
/// <param name="Broken">The numbers of entries that are not what their neighbours say.</param>
public sealed record AuditVerdictView(long Entries, string Head, IReadOnlyList<long> Broken);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(WhyBody))]
[JsonSerializable(typeof(ChangeBody))]
[JsonSerializable(typeof(ChangeView))]
[JsonSerializable(typeof(ChangeList))]
[JsonSerializable(typeof(TransferBody))]
[JsonSerializable(typeof(TransferView))]
[JsonSerializable(typeof(TransferList))]
[JsonSerializable(typeof(InstanceBody))]
[JsonSerializable(typeof(PersonalPotBody))]
[JsonSerializable(typeof(CreatedView))]
[JsonSerializable(typeof(AuditEntryView))]
[JsonSerializable(typeof(AuditVerdictView))]
public sealed partial class AdminJson : JsonSerializerContext;
