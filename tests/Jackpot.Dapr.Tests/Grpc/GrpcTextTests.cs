using Jackpot.Dapr.Grpc;

namespace Jackpot.Dapr.Tests.Grpc;

public sealed class GrpcTextTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100%", "100%25")]
    [InlineData("ä\n", "%C3%A4%0A")]
    public void Message_is_percent_encoded_utf8(string message, string encoded)
    {
        Assert.Equal(encoded, GrpcText.EncodeMessage(message));
        Assert.Equal(message, GrpcText.DecodeMessage(encoded));
    }

    [Theory]
    [InlineData("50% off")]
    [InlineData("ends with %")]
    [InlineData("ends with %4")]
    public void Broken_escape_is_left_as_it_is(string text) => Assert.Equal(text, GrpcText.DecodeMessage(text));

    [Theory]
    [InlineData("30S", 30_000)]
    [InlineData("250m", 250)]
    [InlineData("2M", 120_000)]
    [InlineData("1H", 3_600_000)]
    [InlineData("5000u", 5)]
    [InlineData("1000000n", 1)]
    public void Timeout_is_read_in_every_unit(string text, double millis)
    {
        Assert.True(GrpcText.TryDecodeTimeout(text, out var timeout));
        Assert.Equal(millis, timeout.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("123456789S")]
    [InlineData("5x")]
    public void Wrong_timeout_is_not_read(string text) => Assert.False(GrpcText.TryDecodeTimeout(text, out _));

    [Fact]
    public void Timeout_never_has_more_than_eight_digits()
    {
        Assert.Equal("1500m", GrpcText.EncodeTimeout(TimeSpan.FromSeconds(1.5)));
        Assert.Equal("99999999m", GrpcText.EncodeTimeout(TimeSpan.FromMilliseconds(99_999_999)));
        Assert.Equal("100000S", GrpcText.EncodeTimeout(TimeSpan.FromMilliseconds(100_000_000)));
    }
}
