using System.Threading.Channels;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>While one insert is on its way the next one fills: concurrent publishers share a commit, a lone one waits for nobody.</summary>
sealed class PublishQueue
{
    const int MessagesPerInsertMax = 500;
    const int WaitingMax = 10_000;

    readonly Channel<(OutgoingMessage Message, TaskCompletionSource Done)> _waiting =
        Channel.CreateBounded<(OutgoingMessage, TaskCompletionSource)>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });

    readonly Func<IReadOnlyList<OutgoingMessage>, Task> _insert;

    public PublishQueue(Func<IReadOnlyList<OutgoingMessage>, Task> insert)
    {
        _insert = insert;
        _ = RunAsync();
    }

    public async Task AddAsync(OutgoingMessage message)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((message, done));
        await done.Task;
    }

    async Task RunAsync()
    {
        var batch = new List<(OutgoingMessage Message, TaskCompletionSource Done)>(MessagesPerInsertMax);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (batch.Count < MessagesPerInsertMax && _waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }
            try
            {
                await _insert([.. batch.Select(entry => entry.Message)]);
                batch.ForEach(entry => entry.Done.SetResult());
            }
#pragma warning disable CA1031 // Every publisher of the batch is told the cause; the queue itself goes on.
            catch (Exception failed)
#pragma warning restore CA1031
            {
                batch.ForEach(entry => entry.Done.SetException(failed));
            }
            batch.Clear();
        }
    }
}
