using System.Threading.Channels;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>While one insert is on its way the next one fills: concurrent publishers share a commit, a lone one waits for nobody.</summary>
sealed class PublishQueue
{
    /// <summary>An insert takes no further publisher beyond so many messages.</summary>
    const int MessagesPerInsertEnough = 500;

    /// <summary>Nor beyond so many bytes.</summary>
    const long BytesPerInsertEnough = 8 << 20;

    /// <summary>Publishers that may wait; further ones wait to wait.</summary>
    const int WaitingMax = 1_000;

    readonly Channel<(IReadOnlyList<OutgoingMessage> Messages, TaskCompletionSource Done)> _waiting =
        Channel.CreateBounded<(IReadOnlyList<OutgoingMessage>, TaskCompletionSource)>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });

    readonly Func<IReadOnlyList<OutgoingMessage>, Task> _insert;

    public PublishQueue(Func<IReadOnlyList<OutgoingMessage>, Task> insert)
    {
        _insert = insert;
        _ = RunAsync();
    }

    /// <summary>Returns when all of them are stored, in one insert.</summary>
    public async Task AddAsync(IReadOnlyList<OutgoingMessage> messages)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((messages, done));
        await done.Task;
    }

    async Task RunAsync()
    {
        var batch = new List<OutgoingMessage>(MessagesPerInsertEnough);
        var publishers = new List<TaskCompletionSource>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var bytes = 0L;
            while (batch.Count < MessagesPerInsertEnough && bytes < BytesPerInsertEnough && _waiting.Reader.TryRead(out var next))
            {
                batch.AddRange(next.Messages);
                bytes += next.Messages.Sum(message => (long)message.Data.Length);
                publishers.Add(next.Done);
            }
            try
            {
                await _insert(batch);
                publishers.ForEach(publisher => publisher.SetResult());
            }
#pragma warning disable CA1031 // Every publisher of the batch is told the cause; the queue itself goes on.
            catch (Exception failed)
#pragma warning restore CA1031
            {
                publishers.ForEach(publisher => publisher.SetException(failed));
            }
            batch.Clear();
            publishers.Clear();
        }
    }
}
