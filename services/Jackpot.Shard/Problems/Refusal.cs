namespace Jackpot.Shard.Problems;

/// <summary>Why a request is not carried out. Closed: <see cref="Problem"/> maps every value to one status and one problem type.</summary>
internal enum Refusal : byte
{
    None = 0,
    MalformedJson,
    BodyTooLarge,
    BatchTooLarge,
    BatchEmpty,
    TenantMissing,
    TenantUnknown,
    TenantElsewhere,
    TenantMismatch,
    FieldMissing,
    FieldInvalid,
    FieldTooLong,
    AmountInvalid,
    AmountNegative,
    AmountTooPrecise,
    AmountTooLarge,
    CurrencyUnknown,
    CurrencyWithoutRate,
    OccurredAtOutsideWindow,
    PoolUnknown,
    ContributionMismatch,
    JackpotPaused,
    KeyReused,
    Overloaded,
    Unavailable,
    NotFound,
    ConfigurationInvalid,
    ConfigurationDiffers,
}
