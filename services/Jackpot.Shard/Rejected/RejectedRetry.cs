using System.Text.Json;
using Dapr;
using Dapr.Client;
using Jackpot.Contracts.Events;
using Jackpot.Contracts.Views;
using Jackpot.ServiceDefaults.Json;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Rejected;

/// <summary>
/// Sends a kept message again: a bet through the intake that every bet passes, so that it is recorded once however often it is sent; any other event
/// to its topic, under its own id.
/// </summary>
internal sealed class RejectedRetry(RejectedStore store, ContributionIntake intake, TenantDirectory tenants, DaprClient dapr)
{
    const string CloudEventType = "application/cloudevents+json";

    static readonly TimeSpan PublishTimeMax = TimeSpan.FromSeconds(10);

    public async Task<Verdict<RejectedView>> RetryAsync(long id, Decision decision, byte[]? mended, CancellationToken ct)
    {
        var begun = await store.BeginRetryAsync(id, decision.Person, decision.Why, mended, ct);
        return begun.Refusal != Refusal.None ? begun : await store.SendAsync(id, decision, text => SendAsync(text, ct), ct);
    }

    Task<RetryOutcome> SendAsync(RejectedText text, CancellationToken ct)
    {
        var body = text.Mended ?? text.Body;
        return text.Message.Topic switch
        {
            Topics.Bets => SendBetAsync(body, ct),
            Topics.DeadEvents => Task.FromResult(RetryOutcome.Refused(RejectedReason.Unreadable, "it does not say which topic it came from; it can only be dropped")),
            var topic => PublishAsync(topic, body, ct),
        };
    }

    async Task<RetryOutcome> SendBetAsync(byte[] body, CancellationToken ct)
    {
        ContributionRequest request;
        try
        {
            StrictJson.Require(body);
            request = ContributionBodies.One(body);
        }
        catch (JsonException fault)
        {
            return RetryOutcome.Refused(RejectedReason.Unreadable, $"the body is not that of POST /v1/jp/contributions: {fault.Message}");
        }

        var tenant = request.TenantId is { } id ? tenants.Find(id) : null;
        if (tenant is null || !tenants.IsOurs(tenant))
        {
            return RetryOutcome.Refused(
                tenant is null ? Problem.For(Refusal.TenantUnknown).Name : Problem.For(Refusal.TenantElsewhere).Name,
                tenant is null ? "no tenant of the name in 'tenant_id' is known" : "this tenant is another shard's; send the bet to its region's gateway and drop it here");
        }

        var item = (await intake.TakeAsync([new Incoming(request, tenant.TenantId)], ct))[0];
        return item.MayYetBeTaken ? RetryOutcome.NotNow("the bet could not be recorded at the moment; retry it later")
            : item.Refusal is { } refused ? RetryOutcome.Refused(Problem.For(refused.Refusal).Name, refused.Detail)
            : RetryOutcome.Done;
    }

    async Task<RetryOutcome> PublishAsync(string topic, byte[] body, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(PublishTimeMax);
        try
        {
            await dapr.PublishByteEventAsync(PubSub.Events, topic, body, CloudEventType, cancellationToken: deadline.Token);
            return RetryOutcome.Done;
        }
        catch (Exception fault) when (fault is DaprException || (fault is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return RetryOutcome.NotNow("the broker did not take it; retry it later");
        }
    }
}
