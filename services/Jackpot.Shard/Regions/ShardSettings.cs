using Jackpot.Ledger.Settings;
using Microsoft.Extensions.Options;

namespace Jackpot.Shard.Regions;

/// <summary>Everything that is wrong with the settings of a shard, the place of its database included.</summary>
internal sealed class ShardSettings(IConfiguration configuration) : IValidateOptions<ShardOptions>
{
    /// <summary>Of the connection string of the shard's database.</summary>
    public const string ConnectionName = "Shard";

    public ValidateOptionsResult Validate(string? name, ShardOptions options)
    {
        var faults = options.Faults().ToList();
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString(ConnectionName)))
        {
            faults.Add($"ConnectionStrings:{ConnectionName} is empty; set ConnectionStrings__{ConnectionName}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
