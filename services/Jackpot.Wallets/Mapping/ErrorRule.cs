namespace Jackpot.Wallets.Mapping;

/// <summary>What an answer of a certain status or code means.</summary>
enum Meaning
{
    /// <summary>No money moved.</summary>
    Refused,

    /// <summary>Nobody can say whether money moved.</summary>
    InDoubt,

    /// <summary>It had moved before this call; counts as done where the answer names our transaction.</summary>
    AlreadyDone,

    /// <summary>Of a query: the wallet never heard of it.</summary>
    Unknown,

    /// <summary>The wallet has something else under our id: in doubt, and an alarm.</summary>
    AnotherTransaction,
}

/// <summary>One line of an operator's error map; the first that fits counts. What it leaves out may be anything.</summary>
/// <param name="Reason">Our word for it; else the operator's reason, else their code.</param>
/// <param name="IsEchoed">A refusal counts only when it names our transaction, player, amount and currency.</param>
sealed record ErrorRule(int? Status, string? Code, Meaning Is, string? Reason, bool IsEchoed)
{
    public bool Fits(int? status, string? code) => (Status is null || Status == status) && (Code is null || Code == code);

    public static ErrorRule Read(DataFields fields, bool isQuery)
    {
        var rule = new ErrorRule(
            fields.Has("status") ? fields.Number("status", 0, 100, 599) : null, fields.Text("code"), fields.Word("is", Meaning.InDoubt), fields.Text("reason"), fields.Flag("echoed"));
        if (rule is { Status: null, Code: null })
        {
            fields.Fault(null, "a rule says for which 'status' or 'code' it is");
        }

        if (!fields.Has("is"))
        {
            fields.Fault(null, "a rule says what an answer 'is'");
        }

        if (rule.Is == Meaning.Unknown && !isQuery)
        {
            fields.Fault("is", "only an answer of 'status' can be 'unknown'");
        }

        fields.Done();
        return rule;
    }
}
