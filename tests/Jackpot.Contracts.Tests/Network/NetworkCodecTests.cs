using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Jackpot.Contracts.Network;
using Jackpot.Core.Network;

namespace Jackpot.Contracts.Tests.Network;

public sealed class NetworkCodecTests
{
    // P26: what may cross per contribution when messages are full.
    const int BytesPerContributionGoal = 30;

    public static TheoryData<int> Messages => [.. Enumerable.Range(0, Crossing.All.Length)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void What_is_written_is_read_again(int index)
    {
        var message = Crossing.All[index].Message;
        var read = NetworkCodec.Read(message.Type, NetworkCodec.Write(message));
        Assert.NotNull(read);
        Assert.Equal(message.GetType(), read.GetType());
        Assert.Equal(NetworkCodec.Write(message), NetworkCodec.Write(read));
        Assert.Equivalent(message, read, strict: true);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void No_field_space_repetition_or_other_spelling_passes(int index)
    {
        var message = Crossing.All[index].Message;
        var text = Encoding.UTF8.GetString(NetworkCodec.Write(message));
        string[] others =
        [
            text + " ", " " + text, text[..^1] + ",\"player_id\":\"p-1\"}", text[..^1] + ",\"x\":0}", "{\"x\":null," + text[1..],
            text.Replace("\"jackpot\":", "\"jackpot\" :", StringComparison.Ordinal), text.Replace("\"jackpot\":\"n", "\"jackpot\":\"\\u006e", StringComparison.Ordinal),
            text.Replace("{\"jackpot\":\"net-pot\"", "{\"jackpot\":\"other\",\"jackpot\":\"net-pot\"", StringComparison.Ordinal),
            text.Replace("\"jackpot\"", "\"Jackpot\"", StringComparison.Ordinal), text.Replace("net-pot\"", "Net Pot\"", StringComparison.Ordinal),
            text[..^1], text + text, "null", "[]", "", "{}", "/**/" + text,
        ];
        Assert.All(others, other => Assert.Null(NetworkCodec.Read(message.Type, Encoding.UTF8.GetBytes(other))));
        Assert.NotNull(NetworkCodec.Read(message.Type, Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void No_changed_byte_reads_as_the_same_message_and_none_throws(int index)
    {
        var message = Crossing.All[index].Message;
        var bytes = NetworkCodec.Write(message);
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var other in (byte[])[0, (byte)' ', (byte)'"', (byte)'9', (byte)'-', (byte)'e', 0xFF])
            {
                var changed = bytes.ToArray();
                changed[at] = other;
                if (other != bytes[at] && NetworkCodec.Read(message.Type, changed) is { } read)
                {
                    Assert.Equal(changed, NetworkCodec.Write(read));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_null_stands_for_nothing_in_no_list_and_for_no_field_that_must_be_there(int index)
    {
        var message = Crossing.All[index].Message;
        var fields = JsonNode.Parse(NetworkCodec.Write(message))!.AsObject();
        foreach (var (name, value) in fields.ToArray())
        {
            var others = fields.DeepClone().AsObject();
            others[name] = value is JsonArray ? new JsonArray((JsonNode?)null) : null;
            Assert.True(name == "began" || NetworkCodec.Read(message.Type, Encoding.UTF8.GetBytes(others.ToJsonString())) is null, name);
        }
    }

    [Fact]
    public void A_message_of_one_type_is_none_of_another() =>
        Assert.All(Crossing.All, one => Assert.All(Crossing.All.Where(other => other.Message.Type != one.Message.Type),
            other => Assert.Null(NetworkCodec.Read(other.Message.Type, NetworkCodec.Write(one.Message)))));

    [Fact]
    public void An_entry_has_two_numbers_or_four_and_a_message_no_more_entries_than_the_rules_take()
    {
        var text = Encoding.UTF8.GetString(NetworkCodec.Write(Crossing.Delta));
        var entries = text[text.IndexOf("\"entries\":", StringComparison.Ordinal)..text.IndexOf(",\"receipts\"", StringComparison.Ordinal)];
        string[] others = ["[[1]]", "[[1,2,3]]", "[[1,2,3,4,5]]", "[[1.5,2]]", "[[1,2,0,4]]", "[[1,2,9999999999,4]]", "[[99999999999999999999,2]]", "[null]",
            $"[{string.Join(',', Enumerable.Repeat("[1,1]", Delta.EntriesMax + 1))}]"];
        Assert.All(others, other => Assert.Null(NetworkCodec.Read(Crossing.Delta.Type, Encoding.UTF8.GetBytes(text.Replace(entries, "\"entries\":" + other, StringComparison.Ordinal)))));
    }

    [Fact]
    public void A_full_message_crosses_under_thirty_bytes_per_contribution()
    {
        var delta = ((DeltaMessage)Crossing.Delta).Delta;
        ImmutableArray<NetworkEntry> entries = [.. Enumerable.Range(1, Delta.EntriesMax).Select(i => new NetworkEntry(10 + i, 1_000_000 + i * 10_000, 12_500 + i * 125))];
        var bytes = Crossing.Sealed(new DeltaMessage(delta with { Entries = entries }), Crossing.Feeder).Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes for {entries.Length} contributions");
        Assert.InRange(bytes, 1, BytesPerContributionGoal * entries.Length);
    }

    [Fact]
    public void The_largest_message_fits_over_the_border()
    {
        var delta = ((DeltaMessage)Crossing.Delta).Delta;
        const long Largest = 1_000_000_000_000_000_000;
        ImmutableArray<NetworkEntry> entries = [.. Enumerable.Range(1, Delta.EntriesMax).Select(i => new NetworkEntry(10 + i, Largest, Largest) { Voids = new EntryName(Crossing.Feeder, i) })];
        Assert.InRange(Crossing.Sealed(new DeltaMessage(delta with { Entries = entries }), Crossing.Feeder).Length, 1, NetworkEnvelope.BytesMax);
    }
}
