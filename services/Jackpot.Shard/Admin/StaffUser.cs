using Jackpot.Core.Ids;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Admin;

/// <summary>Who acts at an admin endpoint. The audit log keeps the id, and by it the two of four eyes are known to differ.</summary>
internal static class StaffUser
{
    public const string Header = "X-Person";

    /// <summary>The <see cref="StaffId"/> in the header, or null after the refusal was written.</summary>
    public static async ValueTask<string?> OfAsync(HttpContext http)
    {
        var header = http.Request.Headers[Header];
        if (header.Count == 1 && header[0] is { } id && StaffId.IsValid(id))
        {
            return id;
        }

        var missing = header.Count == 0 || header.All(string.IsNullOrWhiteSpace);
        await Problem.WriteAsync(
            http, missing ? Refusal.StaffUserMissing : Refusal.StaffUserInvalid, $"send exactly one {Header} header with the staff id of who acts: {StaffId.Form}");
        return null;
    }
}
