using System.Collections.Frozen;

namespace Jackpot.Core.Amounts;

/// <summary>The active ISO 4217 codes by the digits of their minor unit. Metals, funds and test codes are left out: nobody is paid in them.</summary>
static class CurrencyTable
{
    const string NoDigits = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";

    const string ThreeDigits = "BHD IQD JOD KWD LYD OMR TND";

    const string FourDigits = "CLF UYW";

    const string TwoDigits =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC "
        + "CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD "
        + "KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO "
        + "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL "
        + "THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG";

    static readonly FrozenDictionary<string, int> DigitsByCode =
        Codes(NoDigits, 0).Concat(Codes(TwoDigits, 2)).Concat(Codes(ThreeDigits, 3)).Concat(Codes(FourDigits, 4))
            .ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryGetDigits(string? code, out int digits)
    {
        digits = 0;
        return code is not null && DigitsByCode.TryGetValue(code, out digits);
    }

    static IEnumerable<KeyValuePair<string, int>> Codes(string codes, int digits) =>
        codes.Split(' ').Select(code => KeyValuePair.Create(code, digits));
}
