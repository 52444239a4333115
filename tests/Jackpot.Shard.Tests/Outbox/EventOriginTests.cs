using Jackpot.Shard.Outbox;

namespace Jackpot.Shard.Tests.Outbox;

public sealed class EventOriginTests
{
    static readonly EventOrigin Origin = new("eu-mt", TestRelay.Tenants);

    [Theory]
    [InlineData("""{"shard":"s"}""", """{"region":"eu-mt","shard":"s"}""")]
    [InlineData("""{"tenant_id":"brand-42","n":1.50}""", """{"region":"eu-mt","tenant_id":"brand-42","brand":"Amber Casino","licence":"MGA/B2C/042/2020","n":1.50}""")]
    [InlineData(
        """{"voids":[ {"tenant_id":"brand-43"},{"n":2,"tenant_id":"brand-42"}]}""",
        """{"region":"eu-mt","voids":[ {"tenant_id":"brand-43","brand":"Basalt Slots","licence":"MGA/B2C/043/2020"},{"n":2,"tenant_id":"brand-42","brand":"Amber Casino","licence":"MGA/B2C/042/2020"}]}""")]
    [InlineData("""{"tenant_id":"nobody"}""", """{"region":"eu-mt","tenant_id":"nobody"}""")]
    [InlineData("""{"tenant_id":null}""", """{"region":"eu-mt","tenant_id":null}""")]
    public void An_event_says_its_region_and_of_each_tenant_brand_and_licence(string payload, string expected) => Assert.Equal(expected, Origin.Write(payload));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"cut")]
    public void What_is_no_object_or_cannot_be_read_is_left_as_it_is(string payload) => Assert.Equal(payload, Origin.Write(payload));
}
