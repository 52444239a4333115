using System.ComponentModel.DataAnnotations.Schema;
using Jackpot.Contracts.Jackpots;
using Microsoft.EntityFrameworkCore;

namespace Jackpot.Shard.Rows;

/// <summary>A jackpot: what it was created with, the version in force and, until all of it is, what was approved.</summary>
[Table("jackpot")]
internal sealed record JackpotRow(int Id, string JackpotId, JackpotDefinition Definition, int ConfigVersion, JackpotDefinition? Approved, string? Template);

/// <summary>Terms that are or were in force.</summary>
[Table("jackpot_terms")]
[PrimaryKey(nameof(Jackpot), nameof(Version))]
internal sealed record TermsRow(int Jackpot, int Version, JackpotDefinition Definition, DateTimeOffset InForceAt);

/// <summary>The row that every batch moves on. Whoever writes it here holds the jackpot's lock.</summary>
[Table("jackpot_state")]
internal sealed record StateRow([property: DatabaseGenerated(DatabaseGeneratedOption.None)] int Id, long Version, string Status);

/// <summary>A pool's own number beside its public id.</summary>
[Table("pool")]
internal sealed record PoolRow(int Id, string PoolId, int Jackpot, short Tier);
