using System.ComponentModel.DataAnnotations.Schema;
using System.Data.Common;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;

namespace Jackpot.Shard.Rows;

/// <summary>
/// The rows that people read and edit, through EF Core. Each lies beside what reads it, in a record with [Table]; its columns are called like its
/// properties, in snake case. The ledger's SQL files make the schema, this only follows it. What uses it and what does not: docs/adr/0008.
/// </summary>
internal sealed class ShardRows : DbContext
{
    ShardRows(NpgsqlConnection connection, NpgsqlTransaction? transaction)
        : base(new DbContextOptionsBuilder<ShardRows>()
            .UseNpgsql(
                connection, contextOwnsConnection: transaction is null,

                // The provider's own strategy hides an outage behind an InvalidOperationException that advises to retry.
                npgsql => npgsql.ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies)))
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options)
    {
        Database.UseTransaction(transaction);

        // A statement that fails ends the caller's transaction, as every other does; two more round trips for a savepoint would change nothing.
        Database.AutoSavepointsEnabled = false;
    }

    /// <summary>On a connection of its own, which is open only while a statement runs.</summary>
    public static ShardRows Of(NpgsqlDataSource database) => new(database.CreateConnection(), null);

    /// <summary>In the caller's transaction: what is written is committed, or not, with everything else in it.</summary>
    public static ShardRows In(NpgsqlTransaction transaction) => new(transaction.Connection!, transaction);

    /// <summary>When the transaction began, by the clock of the database; only inside of a query.</summary>
    [DbFunction("now", IsBuiltIn = true)]
    public static DateTimeOffset Now() => throw new InvalidOperationException("PostgreSQL answers this, inside of a query.");

    /// <summary>Throws what the driver threw, as queries do: by that an outage is told from a fault of the row.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        catch (DbUpdateException fault) when (fault.InnerException is DbException cause)
        {
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<JackpotDefinition>().HaveConversion<DefinitionAsJson>().HaveColumnType("jsonb");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UseIdentityAlwaysColumns();
        foreach (var row in typeof(ShardRows).Assembly.GetTypes().Where(type => type.IsDefined(typeof(TableAttribute), inherit: false)))
        {
            modelBuilder.Entity(row);
        }

        foreach (var column in modelBuilder.Model.GetEntityTypes().SelectMany(row => row.GetProperties()))
        {
            column.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(column.Name));
        }
    }

    sealed class DefinitionAsJson() : ValueConverter<JackpotDefinition, string>(definition => definition.ToJson(), json => JackpotDefinition.Parse(json));
}
