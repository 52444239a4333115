using Jackpot.TestKit;
using Jackpot.Wallets.Mapping;

namespace Jackpot.Wallets.Tests.Mapping;

public sealed class WalletMappingTests
{
    const string Good = """
        wallet: test
        amounts: minor
        operations:
          credit:
            method: POST
            path: "/credit/{player_id}"
            body: { id: "{transaction_id}", amount: "{amount}" }
            answer:
              code: /code
              success: { field: /ok, values: [true] }
              echo: { transaction_id: /id, player_id: /player, amount: /amount, currency: /currency }
              errors:
                - { code: X1, is: refused, reason: closed }
        """;

    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(RepositoryFolder.Root, "components", "wallets")).Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_mapping_in_the_repository_is_one(string file)
    {
        WalletMapping.Read(Path.Combine(RepositoryFolder.Root, "components", "wallets", file), out var faults);
        Assert.Empty(faults);
    }

    [Fact]
    public void A_good_mapping_has_no_fault()
    {
        Assert.NotNull(WalletMapping.Parse("a.yaml", Good, out var faults));
        Assert.Empty(faults);
    }

    [Fact]
    public void A_mapping_may_be_json()
    {
        WalletMapping.Parse("a.json", """
            {
              "wallet": "test", "amounts": "micro",
              "operations": {
                "credit": {
                  "method": "PUT", "path": "/c", "body": { "id": "{transaction_id}", "n": 3, "yes": true },
                  "answer": { "echo": { "transaction_id": "/a", "player_id": "/b", "amount": "/c", "currency": "/d" }, "error": [] }
                }
              }
            }
            """, out var faults);
        Assert.StartsWith("a.json:6: 'error' is no field here", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amounts: minor", "amounts: cents", 2, "'amounts' is 'cents'; it must be one of number, text, minor, micro")]
    [InlineData("amounts: minor\n", "", 1, "'amounts' is missing")]
    [InlineData("wallet: test", "wallet: test\nsignature: md5", 2, "'signature' is 'md5'")]
    [InlineData("wallet: test", "wallet: test\nids: { chars_max: 8 }", 2, "it must be a whole number from 24 to 200")]
    [InlineData("method: POST", "method: FETCH", 5, "'method' is 'FETCH'")]
    [InlineData("method: POST", "method: GET", 5, "a call that moves money")]
    [InlineData("body: { id: \"{transaction_id}\", amount: \"{amount}\" }", "", 5, "a call that moves money")]
    [InlineData("{player_id}", "{player}", 6, "'{player}' is not known here")]
    [InlineData("{player_id}", "{player_id", 6, "a brace without its partner")]
    [InlineData("\"/credit", "\"credit", 6, "it must begin with '/'")]
    [InlineData("{transaction_id}", "x", 5, "neither path, headers nor body say {transaction_id}")]
    [InlineData("\"{amount}\"", "\"{amout}\"", 7, "'{amout}' is not known here")]
    [InlineData("code: /code", "code: code", 9, "it must lead into the answer")]
    [InlineData("code: /code", "", 10, "'code' does not say where")]
    [InlineData("values: [true]", "value: [true]", 10, "a test of a field names the 'field' and its 'values'")]
    [InlineData("amount: /amount,", "", 4, "so that none could be believed")]
    [InlineData("is: refused", "is: refuse", 13, "'is' is 'refuse'")]
    [InlineData("is: refused", "is: unknown", 13, "only an answer of 'status' can be 'unknown'")]
    [InlineData("code: X1, is", "is", 13, "for which 'status' or 'code'")]
    [InlineData("reason: closed", "reasons: closed", 13, "'reasons' is no field here")]
    [InlineData("  credit:", "  credits:", 4, "'credits' is no field here")]
    [InlineData("amounts: minor", "amounts: minor\nwallet: again", 3, "wallet")]
    [InlineData("amounts: minor", "amounts: \"minor", 2, "")]
    public void A_fault_is_told_with_its_line_and_its_reason(string good, string bad, int line, string reason)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        Assert.Null(WalletMapping.Parse("a.yaml", Good.Replace(good, bad, StringComparison.Ordinal), out var faults));
        Assert.Contains(faults, fault => fault.StartsWith($"a.yaml:{line}: ", StringComparison.Ordinal) && fault.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        WalletMapping.Parse("a.yaml", Good.Replace("POST", "FETCH", StringComparison.Ordinal).Replace("minor", "cents", StringComparison.Ordinal), out var faults);
        Assert.Equal(2, faults.Count);
    }

    [Theory]
    [InlineData("amounts: [")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("\0")]
    public void What_is_no_file_of_fields_is_a_fault(string text)
    {
        Assert.Null(WalletMapping.Parse("a.yaml", text, out var faults));
        Assert.StartsWith("a.yaml", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_fault()
    {
        Assert.Null(WalletMapping.Read("/nowhere/a.yaml", out var faults));
        Assert.Single(faults);
    }
}
