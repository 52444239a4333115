using Jackpot.Ledger.Archive;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Archive;

/// <summary>What a caller is told whose rows are in the archive.</summary>
internal static class ArchivedRowsAnswers
{
    public static Refusal Refusal(this ArchivedRowsException missing) => missing.IsUnreadable ? Problems.Refusal.ArchiveUnreadable : Problems.Refusal.ArchiveNotReadYet;

    public static Task AnswerAsync(this ArchivedRowsException missing, HttpContext http) => Problem.WriteAsync(http, missing.Refusal(), missing.Detail);
}
