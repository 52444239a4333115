using System.Text;
using Jackpot.Streams.Deliveries;

namespace Jackpot.Gateway.Tests.Streams;

/// <summary>Every way that a CloudEvent, or no CloudEvent, can be wrapped: readable, or refused with the reason.</summary>
public sealed class EventReaderTests
{
    const string Data = """{"tenant_id":"brand-1"}""";

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public static TheoryData<string, string> Readable => new()
    {
        { "JSON as data", $$"""{"event":{"specversion":"1.0","id":"i","type":"t","source":"s","datacontenttype":"application/json","data":{{Data}} } }""" },
        { "JSON as a text", $$"""{"event":{"specversion":"1.0","id":"i","type":"t","source":"s","datacontenttype":"application/json","data":{{Quoted(Data)}} } }""" },
        { "text/plain", $$"""{"event":{"specversion":"1.0","id":"i","type":"t","source":"s","datacontenttype":"text/plain","data":{{Quoted(" " + Data + "\n")}} } }""" },
        { "data_base64", $$"""{"event":{"specversion":"1.0","id":"i","type":"t","source":"s","datacontenttype":"application/octet-stream","data_base64":"{{Base64(Data)}}"} }""" },
        { "base64 as data", $$"""{"event":{"specversion":"1.0","id":"i","type":"t","source":"s","datacontenttype":"application/octet-stream","data":"{{Base64(Data)}}"} }""" },
        { "an escaped base64", $$"""{"event":{"specversion":"1.0","id":"i","type":"t","source":"s","data_base64":"{{Base64(Data).Replace("e", "\\u0065", StringComparison.Ordinal)}}"} }""" },
        { "a structured event as a raw payload", $$"""{"contentType":"application/octet-stream","event":"{{Base64($$"""{"specversion":"1.0","id":"i","type":"t","source":"s","data":{{Data}} }""")}}"}""" },
        { "an event inside an event", $$"""{"event":{"specversion":"1.0","id":"dapr","type":"com.dapr.event.sent","source":"app","data":{"specversion":"1.0","id":"i","type":"t","source":"s","data":{{Data}} } } }""" },
        { "an event inside a raw payload's envelope", $$"""{"event":{"specversion":"1.0","id":"random","type":"com.dapr.event.sent","source":"Dapr","data_base64":"{{Base64($$"""{"specversion":"1.0","id":"i","type":"t","source":"s","data":{{Data}} }""")}}"} }""" },
        { "binary mode of Kafka", $$"""{"event":{{Data}},"metadata":{"ce_specversion":"1.0","ce_id":"i","ce_type":"t","ce_source":"s","__key":"k"} }""" },
        { "binary mode, raw", $$"""{"event":"{{Base64(Data)}}","contentType":"application/octet-stream","metadata":{"ce-id":"i","Ce-Type":"t","ce-source":"s"} }""" },
        { "binary mode of AMQP", $$"""{"metadata":{"cloudEvents:id":"i","cloudEvents:type":"t","cloudEvents:source":"s"},"event":{{Data}} }""" },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public void An_event_is_read_whichever_way_it_is_wrapped(string how, string entry)
    {
        var read = Read(entry);
        Assert.True(read.Unreadable is null, $"{how}: {read.Unreadable}");
        Assert.Equal(Data, Encoding.UTF8.GetString(read.Data.Span));
        Assert.Equal(new EventAttributes("i", "t", "s"), read.Attributes);
    }

    [Fact]
    public void Bare_JSON_is_its_own_data_and_has_no_id_or_type()
    {
        foreach (var entry in new[] { $$"""{"event":{{Data}} }""", $$"""{"event":"{{Base64(Data)}}"}""", $$"""{"event":{{Quoted(Data)}} }""" })
        {
            var read = Read(entry);
            Assert.Equal((Data, default(EventAttributes)), (Encoding.UTF8.GetString(read.Data.Span), read.Attributes));
        }
    }

    [Theory]
    [InlineData("""{"event":{"specversion":"1.0","id":"i"} }""", "it has no 'data'")]
    [InlineData("""{"event":{"specversion":"1.0","data":null} }""", "it has no 'data'")]
    [InlineData("""{"event":{"specversion":"1.0","data":{},"data_base64":"e30="} }""", "it has 'data' and 'data_base64'; the standard allows one of them")]
    [InlineData("""{"event":{"specversion":"1.0","data":[1]} }""", "its data cannot be used: it is neither a JSON object nor a text that holds one")]
    [InlineData("""{"event":{"specversion":"1.0","data":7} }""", "its data cannot be used: it is neither a JSON object nor a text that holds one")]
    [InlineData("""{"event":{"specversion":"1.0","data":"<xml/>"} }""", "its data cannot be used: it is neither a JSON object nor a text that holds one, and no base64 of one")]
    [InlineData("""{"event":{"specversion":"1.0","data_base64":{} } }""", "its data cannot be used: it is neither a JSON object nor a text that holds one")]
    [InlineData("""{"event":{"specversion":"1.0","data_base64":"e3"} }""", "its data cannot be used: it is neither a JSON object nor a text that holds one, and no base64 of one")]
    [InlineData("""{"event":{"specversion":"1.0","data_base64":"WzFd"} }""", "its data cannot be used: it is neither a JSON object nor a text that holds one")]
    [InlineData("""{"event":{"specversion":"1.0","data":"{\"a\":1,\"a\":2}"} }""", "its data is not JSON: byte 8: a name stands twice in one object; which one is meant cannot be known")]
    [InlineData("""{"event":{"specversion":"1.0","data":"{\"a\":"} }""", "its data is not JSON: byte 6 of line 1")]
    [InlineData("""{"event":{"specversion":"1.0","data":"{} {}"} }""", "its data is not JSON")]
    [InlineData("""{"event":7}""", "it is neither a JSON object nor a text that holds one")]
    [InlineData("""{"event":{"a":"\ud800"} }""", "byte")]
    [InlineData("""{"noevent":1}""", "it has no 'event', or two")]
    public void What_cannot_be_read_says_why(string entry, string why)
    {
        var read = Read(entry);
        Assert.StartsWith(why, read.Unreadable, StringComparison.Ordinal);
        Assert.True(read.Data.IsEmpty);
    }

    /// <summary>Dapr makes ids, times and trace ids anew at each publish; a repetition is known by what was published.</summary>
    [Theory]
    [InlineData("""{"event":{"specversion":"1.0","id":"ID","traceid":"ID","data":[1]} }""", "[1]")]
    [InlineData("""{"event":{"specversion":"1.0","id":"ID","data":"no json"} }""", "no json")]
    [InlineData("""{"event":{"specversion":"1.0","id":"ID","data_base64":"bm8ganNvbg=="} }""", "no json")]
    [InlineData("""{"event":{"specversion":"1.0","id":"ID","data":{"player":"\ud800"} } }""", "{\"player\":\"\\ud800\"}")]
    [InlineData("""{"event":{"specversion":"1.0","id":"ID","data":{"a":1,"a":2} } }""", "{\"a\":1,\"a\":2}")]
    public void What_is_kept_of_an_unreadable_event_is_the_same_however_often_it_is_published(string entry, string kept)
    {
        foreach (var id in new[] { "1", "2" })
        {
            Assert.Equal(kept, Encoding.UTF8.GetString(Read(entry.Replace("ID", id, StringComparison.Ordinal)).Raw.Span));
        }
    }

    [Fact]
    public void Attributes_that_are_no_texts_are_missing_and_long_ones_are_cut()
    {
        var read = Read($$"""{"event":{"specversion":"1.0","id":7,"type":"{{new string('t', 300)}}","source":null,"data":{} } }""");
        Assert.Equal((null, 256, null), (read.Attributes.Id, read.Attributes.Type!.Length, read.Attributes.Source));
    }

    static StreamedEvent Read(string entry) =>
        Assert.Single(Delivery.Read(Encoding.UTF8.GetBytes($$"""{"entries":[{"entryId":"0",{{entry[1..]}}]}""")));

    static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
