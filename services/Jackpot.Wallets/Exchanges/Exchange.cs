namespace Jackpot.Wallets.Exchanges;

/// <summary>What came of sending one request: an answer, whatever it says, or none.</summary>
internal abstract record Exchange
{
    /// <param name="Body">At most <see cref="WalletConnection.AnswerBytesMax"/> bytes.</param>
    public sealed record Answered(int Status, byte[] Body) : Exchange;

    /// <param name="MayHaveArrived">False only when not a byte of it left this machine for the wallet.</param>
    public sealed record Lost(string Why, bool MayHaveArrived) : Exchange
    {
        /// <summary>An answer came that is not the wallet's, or too long to be one.</summary>
        public bool IsStrange { get; init; }
    }
}

/// <summary>A request before it is sent. It is made anew from these parts, never repeated.</summary>
internal sealed record WalletRequest(HttpMethod Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, TimeSpan Timeout);
