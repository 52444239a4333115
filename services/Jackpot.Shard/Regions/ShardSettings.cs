using Jackpot.Shard.Storage;
using Microsoft.Extensions.Options;

namespace Jackpot.Shard.Regions;

/// <summary>Everything that is wrong with the settings of a shard, the place of its database included.</summary>
internal sealed class ShardSettings(IConfiguration configuration) : IValidateOptions<ShardOptions>
{
    public ValidateOptionsResult Validate(string? name, ShardOptions options)
    {
        var faults = options.Faults().ToList();
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString(StorageRegistration.ConnectionName)))
        {
            faults.Add($"ConnectionStrings:{StorageRegistration.ConnectionName} is empty; set ConnectionStrings__{StorageRegistration.ConnectionName}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
