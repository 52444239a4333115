using System.Text;
using System.Text.Json;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Texts;
using Jackpot.ServiceDefaults.Json;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Tests.Requests;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{"a":1,"b":{"a":2},"c":[{"a":1},{"a":1}]}""", JsonFaultKind.None)]
    [InlineData("""{"a":1,"a":1}""", JsonFaultKind.DuplicateName)]
    [InlineData("""{"a":{"b":1,"c":2,"b":3}}""", JsonFaultKind.DuplicateName)]
    [InlineData("""[[{"x":[{"tenant_id":1,"\u0074enant_id":2}]}]]""", JsonFaultKind.DuplicateName)]
    [InlineData("""{"\u0061":1,"\u0061":2}""", JsonFaultKind.DuplicateName)]
    [InlineData("""{"a":{"x":1},"x":2,"b":{"x":1}}""", JsonFaultKind.None)]
    [InlineData("""{"a":"\ud83d\ude00"}""", JsonFaultKind.None)]
    [InlineData("""{"a":"\\ud800 \\u0000"}""", JsonFaultKind.None)]
    [InlineData("""{"a":"\ud800"}""", JsonFaultKind.LoneSurrogate)]
    [InlineData("""{"a":"\ude00\ud83d"}""", JsonFaultKind.LoneSurrogate)]
    [InlineData("""{"a":"\ud83d\ud83d\ude00"}""", JsonFaultKind.LoneSurrogate)]
    [InlineData("""{"a":"\ud83dx\ude00"}""", JsonFaultKind.LoneSurrogate)]
    [InlineData("""{"\udc00":1}""", JsonFaultKind.LoneSurrogate)]
    [InlineData("""{"a":"x\u0000"}""", JsonFaultKind.Nul)]
    [InlineData("""{"x\u0000":1}""", JsonFaultKind.Nul)]
    [InlineData("[1e400,1e-400,-0]", JsonFaultKind.None)]
    public void The_first_fault_of_a_value_is_found(string json, object fault) => Assert.Equal((JsonFaultKind)fault, Of(Encoding.UTF8.GetBytes(json)).Kind);

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    public void Bytes_that_are_not_UTF8_are_found_in_values_and_names(byte[] bytes)
    {
        Assert.Equal(JsonFaultKind.InvalidUtf8, Of([.. "{\"a\":\""u8, .. bytes, .. "\"}"u8]).Kind);
        Assert.Equal(JsonFaultKind.InvalidUtf8, Of([.. "{\""u8, .. bytes, .. "\":1}"u8]).Kind);
    }

    [Fact]
    public void Depth_items_and_names_have_limits()
    {
        Assert.Equal(JsonFaultKind.None, Of(Nested(StrictJson.DepthMax)).Kind);
        Assert.Equal(JsonFaultKind.TooDeep, Of(Nested(StrictJson.DepthMax + 1)).Kind);
        Assert.Equal(JsonFaultKind.TooDeep, Of(Nested(100_000)).Kind);
        Assert.Equal(JsonFaultKind.None, Of(List(StrictJson.ItemsMax)).Kind);
        Assert.Equal(JsonFaultKind.TooManyItems, Of(List(StrictJson.ItemsMax + 1)).Kind);
        Assert.Equal(JsonFaultKind.None, Of(Names(StrictJson.NamesMax)).Kind);
        Assert.Equal(JsonFaultKind.TooManyNames, Of(Names(StrictJson.NamesMax + 1)).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("\ufeff{}")]
    [InlineData("nul")]
    [InlineData("NaN")]
    [InlineData("{\"a\":01}")]
    public void What_is_no_JSON_is_told_from_what_is_refused(string text) =>
        Assert.True(Assert.ThrowsAny<JsonException>(() => StrictJson.Require(Encoding.UTF8.GetBytes(text))) is not RefusedJsonException);

    [Fact]
    public void Reading_a_batch_stops_at_the_first_item_above_the_limit()
    {
        var zeros = Encoding.UTF8.GetBytes($$"""{"contributions":[{{string.Join(',', Enumerable.Repeat("0", 520_000))}}]}""");
        ContributionBodies.Batch(zeros);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = ContributionBodies.Batch(zeros);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(BatchCodec.ItemsMax + 1, read.Count);
        Assert.InRange(allocated, 0, 512 * 1024);

        // What follows is not read: it is not even JSON.
        Assert.Equal(BatchCodec.ItemsMax + 1, ContributionBodies.Batch(Encoding.UTF8.GetBytes($$"""{"contributions":[{{string.Join(',', Enumerable.Repeat("{}", 1_001))}},]]]]""")).Count);
    }

    [Fact]
    public void Every_fault_has_a_status_and_words()
    {
        foreach (var kind in Enum.GetValues<JsonFaultKind>().Where(kind => kind != JsonFaultKind.None))
        {
            var fault = new JsonFault(kind, 4);
            Assert.InRange(Problem.For(JsonRefusal.Of(fault)).Status, 400, 422);
            Assert.StartsWith("byte 5: ", fault.Detail, StringComparison.Ordinal);
        }
    }

    static JsonFault Of(byte[] bytes)
    {
        var json = StrictJson.ReaderOf(bytes);
        json.Read();
        var fault = StrictJson.Walk(bytes, ref json);
        Assert.False(json.Read());
        return fault;
    }

    static byte[] Nested(int deep) => Encoding.UTF8.GetBytes(new string('[', deep) + new string(']', deep));

    static byte[] List(int items) => Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("0", items)) + "]");

    static byte[] Names(int names) => Encoding.UTF8.GetBytes("{" + string.Join(',', Enumerable.Range(0, names).Select(i => $"\"n{i}\":0")) + "}");
}
