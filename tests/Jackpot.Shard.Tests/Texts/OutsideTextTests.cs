using System.Text;
using Jackpot.Ledger.Texts;

namespace Jackpot.Shard.Tests.Texts;

public sealed class OutsideTextTests
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static TheoryData<string?, string> Texts() => new()
    {
        { null, "" },
        { "closed", "closed" },
        { "a\0b", "a\uFFFDb" },
        { "\uD83D", "\uFFFD" },
        { "\uDE00\uD83D", "\uFFFD\uFFFD" },
        { "1234567\U0001F600", "1234567" },
        { "123456\U0001F600", "123456\U0001F600" },
        { "123456789", "12345678" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_cannot_be_stored_is_replaced_and_no_pair_is_cut(string? text, string clean) => Assert.Equal(clean, OutsideText.Clean(text, 8));

    [Fact]
    public void Any_text_comes_out_storable_and_within_its_limit()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(4) switch
            {
                0 => '\0',
                1 => (char)random.Next(0xD800, 0xE000),
                _ => (char)random.Next(0x10000),
            })]);
            var clean = OutsideText.Clean(text, 20);

            Assert.InRange(clean.Length, Math.Min(text.Length, 19), 20);
            Assert.DoesNotContain('\0', clean);
            Assert.Equal(clean, Strict.GetString(Strict.GetBytes(clean)));
            Assert.Equal(clean, OutsideText.Clean(clean, 20));
        }
    }
}
