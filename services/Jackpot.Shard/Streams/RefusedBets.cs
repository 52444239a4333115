using System.Text.Json;
using Dapr;
using Dapr.AspNetCore;
using Dapr.Client;
using Jackpot.Contracts.Events;
using Jackpot.Ledger.Settings;

namespace Jackpot.Shard.Streams;

/// <summary>Keeps the streamed bets that are refused for good, with the reason.</summary>
internal sealed partial class RefusedBets(DaprClient dapr, ShardOptions options, ILogger<RefusedBets> log)
{
    /// <summary>Puts them on the dead letter topic with the reason, which the sidecar could not add. What it does not take comes again.</summary>
    public async Task KeepAsync(List<StreamedBet> refused, CancellationToken ct)
    {
        if (refused.Count == 0)
        {
            return;
        }

        try
        {
            var events = refused.Select(bet => new CloudEvent<JsonElement>(RefusedBet.ToJson(bet))
            {
                Id = $"{bet.Event.Attributes.Id}-{options.Id}", Type = RefusedBet.EventType, Source = new Uri(options.Id, UriKind.Relative),
            }).ToList();
            var answer = await dapr.BulkPublishEventAsync(PubSub.Bets, Topics.RefusedBets, events, cancellationToken: ct);
            if (answer.FailedEntries.Count == 0)
            {
                return;
            }
        }
        catch (Exception e) when (e is DaprException)
        {
            LogNotKept(log, refused.Count, e);
        }

        refused.ForEach(bet => bet.End(BulkSubscribeAppResponseStatus.RETRY, "retried"));
    }

    [LoggerMessage(EventId = 621, Level = LogLevel.Warning, Message = "{Bets} refused bets could not be put on the dead letter topic; they come again")]
    static partial void LogNotKept(ILogger logger, int bets, Exception exception);
}
