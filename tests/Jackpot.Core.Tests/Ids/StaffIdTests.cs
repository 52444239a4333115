using Jackpot.Core.Ids;

namespace Jackpot.Core.Tests.Ids;

public sealed class StaffIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("anna.smith-2@example.com")]
    [InlineData("ops_team")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void These_name_somebody(string id) => Assert.True(StaffId.IsValid(id));

    [Theory]
    [InlineData("")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    [InlineData("Anna")]
    [InlineData(" anna")]
    [InlineData("anna ")]
    [InlineData("anna smith")]
    [InlineData("anna\u00a0")]
    [InlineData("anna\u200b")]
    [InlineData("\u0430nna")]
    [InlineData("jos\u00e9")]
    [InlineData("jose\u0301")]
    [InlineData("ann\uff41")]
    [InlineData("anna\u0661")]
    [InlineData("anna\0")]
    [InlineData("anna\n")]
    [InlineData(".anna")]
    [InlineData("anna@")]
    [InlineData("-")]
    [InlineData("anna+1")]
    [InlineData("anna,ben")]
    [Trait("Rule", "R20")]
    public void These_name_nobody(string text) => Assert.False(StaffId.IsValid(text));
}
