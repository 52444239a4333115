using System.Globalization;
using System.Text;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Schedules;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Jobs;

/// <summary>Jobs over gRPC, under their stable names and the alpha ones that SDKs still call.</summary>
static class JobGrpc
{
    static readonly UTF8Encoding StrictText = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void BindJobs(this MethodBinder methods)
    {
        foreach (var suffix in new[] { "", "Alpha1" })
        {
            methods.Unary<ScheduleJobRequest, ScheduleJobResponse>("ScheduleJob" + suffix, ScheduleAsync);
            methods.Unary<GetJobRequest, GetJobResponse>("GetJob" + suffix, ReadAsync);
            methods.Unary<DeleteJobRequest, DeleteJobResponse>("DeleteJob" + suffix, RemoveAsync);
        }
    }

    static async Task<ScheduleJobResponse> ScheduleAsync(Sidecar sidecar, ScheduleJobRequest request, ServerCallContext call)
    {
        var job = request.Job;
        if (job is null || job.Name.Length == 0)
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, "job name must be specified");
        }
        if (job.Schedule.Length == 0 && job.DueTime.Length == 0)
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, "job schedule must be specified");
        }
        try
        {
            var asked = new JobRequest(
                TextOf(job.Schedule), TextOf(job.DueTime), TextOf(job.Ttl), job.Repeats == 0 ? null : checked((int)job.Repeats), DataOf(job.Data), request.Overwrite, PolicyOf(job.FailurePolicy));
            return await sidecar.Schedules.PutAsync(asked.ToEntry(KeyOf(sidecar, job.Name), sidecar.Clock.GetUtcNow()), request.Overwrite, call.CancellationToken)
                ? new ScheduleJobResponse()
                : throw GrpcFailure.Of(StatusCode.AlreadyExists, $"job already exists: {job.Name}");
        }
        catch (Exception unreadable) when (unreadable is FormatException or OverflowException or InvalidProtocolBufferException or InvalidOperationException)
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, $"failed to schedule job: {unreadable.Message}");
        }
    }

    static async Task<GetJobResponse> ReadAsync(Sidecar sidecar, GetJobRequest request, ServerCallContext call)
    {
        if (await sidecar.Schedules.FindAsync(KeyOf(sidecar, request.Name), call.CancellationToken) is not { } entry)
        {
            throw GrpcFailure.Of(StatusCode.Internal, $"failed to get job due to: job not found: {request.Name}");
        }
        var job = new Job { Name = entry.Key.Name };
        if (entry.Rule is { } rule)
        {
            job.Schedule = rule.Text;
        }
        if (entry.DueText.Length > 0)
        {
            job.DueTime = entry.DueText;
        }
        if (entry.RepeatsLeft is { } repeats)
        {
            job.Repeats = (uint)repeats;
        }
        if (entry.Expires is { } expires)
        {
            job.Ttl = expires.ToString("O", CultureInfo.InvariantCulture);
        }
        if (entry.Data is { } data)
        {
            job.Data = new Any { Value = ByteString.CopyFromUtf8(data) };
        }
        return new GetJobResponse { Job = job };
    }

    static async Task<DeleteJobResponse> RemoveAsync(Sidecar sidecar, DeleteJobRequest request, ServerCallContext call)
    {
        await sidecar.Schedules.DeleteAsync(KeyOf(sidecar, request.Name), call.CancellationToken);
        return new DeleteJobResponse();
    }

    /// <summary>What the app will be sent. The store keeps text, so bytes that are none are refused rather than changed.</summary>
    static string? DataOf(Any? data)
    {
        if (data is null || data.Value.IsEmpty)
        {
            return null;
        }
        var bytes = data.Is(BytesValue.Descriptor) ? data.Unpack<BytesValue>().Value
            : data.Is(StringValue.Descriptor) ? ByteString.CopyFromUtf8(data.Unpack<StringValue>().Value)
            : data.Is(Value.Descriptor) ? ByteString.CopyFromUtf8(JsonFormatter.Default.Format(data.Unpack<Value>()))
            : data.Value;
        try
        {
            var text = StrictText.GetString(bytes.Span);
            return text.Contains('\0', StringComparison.Ordinal) ? throw new FormatException("the data has a NUL character, which LocalDapr cannot keep") : text;
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("the data is not UTF-8 text; LocalDapr keeps no other data of a job");
        }
    }

    static FailurePolicy PolicyOf(JobFailurePolicy? policy) => policy?.PolicyCase switch
    {
        JobFailurePolicy.PolicyOneofCase.Drop => FailurePolicy.Drop,
        JobFailurePolicy.PolicyOneofCase.Constant => new FailurePolicy(
            policy.Constant.Interval?.ToTimeSpan() ?? TimeSpan.Zero, policy.Constant.HasMaxRetries ? checked((int)policy.Constant.MaxRetries) : null),
        _ => FailurePolicy.Default,
    };

    static string? TextOf(string text) => text.Length > 0 ? text : null;

    static ScheduleKey KeyOf(Sidecar sidecar, string name) => new(ScheduleKind.Job, sidecar.Options.Namespace, sidecar.Options.AppId, "", name);
}
