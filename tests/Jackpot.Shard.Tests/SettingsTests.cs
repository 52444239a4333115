using Jackpot.Ledger.Settings;
using Jackpot.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Jackpot.Shard.Tests;

public sealed class SettingsTests
{
    [Fact]
    public async Task Every_fault_of_the_settings_is_told_before_anything_is_started()
    {
        await using var app = Build(("Shard:Batchers", "65"), ("Shard:RegionsPath", "/nowhere"));

        var refusal = Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(
            ["Shard:Id", "Shard:Region", "Shard:RegionsPath", "Shard:Batchers", "ConnectionStrings:Shard"],
            refusal.Failures.Select(fault => fault.Split(' ')[0]));
    }

    [Fact]
    public async Task Settings_without_a_fault_are_what_the_shard_is()
    {
        await using var app = Build(
            ("Shard:Id", "eu-mt-1"), ("Shard:Region", "eu-mt"), ("Shard:RegionsPath", Path.Combine(RepositoryFolder.Root, "regions")), ("Shard:Batchers", "3"),
            ("ConnectionStrings:Shard", "Host=127.0.0.1"));

        app.Services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(3, app.Services.GetRequiredService<ShardOptions>().Batchers);
    }

    static WebApplication Build(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
        builder.AddShard();
        return builder.Build();
    }
}
