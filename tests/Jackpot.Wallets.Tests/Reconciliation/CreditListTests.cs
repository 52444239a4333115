using Jackpot.Core.Amounts;
using Jackpot.Core.Payouts;
using Jackpot.Wallets.Mapping;
using Jackpot.Wallets.Reconciliation;

namespace Jackpot.Wallets.Tests.Reconciliation;

/// <summary>Operators' lists are read as they write them, to the last cent, or refused with the line that is to blame.</summary>
public sealed class CreditListTests
{
    static readonly DateTimeOffset From = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
    static readonly CreditListFormat Plain = new(new Dictionary<string, string>());

    static (CreditList? List, List<string> Faults) Read(string text, CreditListFormat? format = null)
    {
        var faults = new List<string>();
        return (CreditList.Read(new StringReader(text), format ?? Plain, From, From.AddDays(1), faults), faults);
    }

    static ListedCredit Credit(int line, string id, string player, long micros, string currency = "EUR") =>
        new(line, id, player, new Money(micros, Currency.Parse(currency)));

    [Fact]
    public void Our_own_names_need_no_mapping() => Assert.Equal(
        [Credit(2, "payout-1", "player-1", 12_500_000), Credit(4, "payout-2", "a, \"b\"", 7_000_000, "JPY")],
        Read("\uFEFFtransaction_id,amount,currency,player_id,remark\r\npayout-1,12.50,EUR,player-1,ok\r\n\r\npayout-2,7,JPY,\"a, \"\"b\"\"\",\n").List!.Credits);

    [Fact]
    public void An_operators_own_names_amounts_and_signs_are_a_mapping()
    {
        var format = new CreditListFormat(new Dictionary<string, string>
        {
            [CreditListFormat.TransactionId] = "Ref", [CreditListFormat.PlayerId] = "Konto", [CreditListFormat.Amount] = "Betrag", [CreditListFormat.At] = "Zeit",
        })
        {
            Separator = ';', DecimalPoint = ',', AllIn = Currency.Parse("EUR"), Only = ("Art", "Gewinn"),
        };

        var (list, faults) = Read("""
            Ref;Konto;Betrag;Art;Zeit
            payout-1;p;12,50;Gewinn;2026-11-30 23:59:59
            payout-2;p;broken;Einsatz;never
            payout-3;p;1,00;Gewinn;2026-12-01T01:00:00+01:00
            payout-4;p;1,00;Gewinn;2026-12-01T00:59:59+01:00
            """, format);

        Assert.Empty(faults);
        Assert.Equal([Credit(2, "payout-1", "p", 12_500_000), Credit(5, "payout-4", "p", 1_000_000)], list!.Credits);
        Assert.Equal(1, list.Beside);
    }

    [Theory]
    [InlineData(AmountForm.Minor, "1250", 12_500_000L)]
    [InlineData(AmountForm.Micro, "12500000", 12_500_000L)]
    [InlineData(AmountForm.Number, "12.5", 12_500_000L)]
    [InlineData(AmountForm.Text, "12.500000", 12_500_000L)]
    [InlineData(AmountForm.Number, "-3.00", -3_000_000L)]
    [InlineData(AmountForm.Number, "9000000000000.01", 9_000_000_000_000_010_000L)]
    public void Amounts_are_exact(AmountForm form, string text, long micros) =>
        Assert.Equal(micros, Assert.Single(Read($"transaction_id,player_id,amount,currency\nt,p,{text},EUR\n", Plain with { Amounts = form }).List!.Credits).Amount.Micros);

    [Theory]
    [InlineData("", "the list is empty; its first line must name its columns")]
    [InlineData("transaction_id,player,amount,currency\n", "line 1 has no column 'player_id' for player_id; it has transaction_id, player, amount, currency")]
    [InlineData("transaction_id,player_id,amount,currency\nt,p,1.0000001,EUR\n", "line 2: '1.0000001' is no amount in EUR")]
    [InlineData("transaction_id,player_id,amount,currency\nt,p,1e3,EUR\n", "line 2: '1e3' is no amount in EUR")]
    [InlineData("transaction_id,player_id,amount,currency\nt,p,\"1,000.00\",EUR\n", "line 2: '1,000.00' is no amount in EUR")]
    [InlineData("transaction_id,player_id,amount,currency\nt,p,1,EURO\n", "line 2: 'EURO' is no currency")]
    [InlineData("transaction_id,player_id,amount,currency\nt,p,1\n", "line 2: it has 3 fields where line 1 has 4")]
    [InlineData("transaction_id,player_id,amount,currency\n,p,1,EUR\n", "line 2: it names no transaction or no player")]
    [InlineData("transaction_id,player_id,amount,currency\n\"t,p,1,EUR\n", "a quote is not closed in the record that begins in line 2")]
    public void What_cannot_be_read_is_told_and_nothing_is_compared(string text, string fault)
    {
        var (list, faults) = Read(text);

        Assert.Null(list);
        Assert.Equal([fault], faults);
    }

    [Fact]
    public void A_list_of_nothing_but_faults_is_given_up_early()
    {
        var (list, faults) = Read("transaction_id,player_id,amount,currency\n" + string.Concat(Enumerable.Repeat("t\n", 1_000)));

        Assert.Null(list);
        Assert.Equal(20, faults.Count);
    }
}
