using Jackpot.Shard.Rows;
using Jackpot.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Jackpot.Shard.Tests.Rows;

/// <summary>EF Core's model is written by hand beside the SQL files that make the schema; here it is held against what they made.</summary>
public sealed class ModelAgreesWithSchemaTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>Columns of mapped tables that nothing reads or edits through the model. Whoever adds a column maps it or names it here.</summary>
    static readonly string[] NotMapped =
    [
        "award.player_id", "award.remainder", "award.called_by",
        "award.config_version", "award.shard_epoch",
        "cycle.config_version", "cycle.sealed_secret", "cycle.opening_increment", "cycle.opening_seed", "cycle.opening_reserve", "cycle.opening_overflow",
        "cycle.threshold_above", "cycle.opened_at_ms", "cycle.last_award", "cycle.rules",
        "jackpot.created_at",
        "jackpot_state.sequence", "jackpot_state.chain_head",
        "payout.requested_at", "payout.looks", "payout.waived", "payout.rate_nanos", "payout.settlement",
        "payout.reconciled_at", "payout.game_id", "payout.round_id", "payout.contribution_id",
        "jackpot_terms.after_sequence", "jackpot_terms.change", "jackpot_terms.told", "jackpot_terms.ordinal",
    ];

    [Fact]
    public async Task Every_column_of_the_model_is_in_the_schema_and_the_other_way_round()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var rows = ShardRows.Of(ledger.Database);
        var mapped = rows.Model.GetRelationalModel().Tables.ToArray();

        var schema = await ledger.RowsAsync($"""
            SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN '' ELSE ' null' END
                || coalesce(' key ' || array_position(k.indkey::smallint[], a.attnum), '') || CASE a.attidentity WHEN 'a' THEN ' identity' ELSE '' END
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_index k ON k.indrelid = c.oid AND k.indisprimary
            WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ({string.Join(", ", mapped.Select(table => $"'{table.Name}'"))})
              AND a.attnum > 0 AND NOT a.attisdropped
            """);

        Assert.NotEmpty(mapped);
        Assert.Equal(
            mapped.SelectMany(table => table.Columns.Select(column => TextOf(table, column))).Order(StringComparer.Ordinal),
            schema.Where(column => !NotMapped.Contains(column.Split(' ')[0])).Order(StringComparer.Ordinal));
        Assert.Empty(NotMapped.Except(schema.Select(column => column.Split(' ')[0])));
    }

    /// <summary>As the query above writes it.</summary>
    static string TextOf(ITable table, IColumn column)
    {
        var place = table.PrimaryKey!.Columns.ToList().IndexOf(column);
        var identity = column.PropertyMappings.Single().Property.GetValueGenerationStrategy() == Npgsql.EntityFrameworkCore.PostgreSQL.Metadata.NpgsqlValueGenerationStrategy.IdentityAlwaysColumn;
        return $"{table.Name}.{column.Name} {column.StoreType}{(column.IsNullable ? " null" : "")}{(place < 0 ? "" : $" key {place}")}{(identity ? " identity" : "")}";
    }
}
