using Jackpot.LocalDapr.PubSub;

namespace Jackpot.LocalDapr.Tests.PubSub;

public sealed class BatchBoundsTests
{
    [Fact]
    public void A_batch_ends_by_count_or_by_bytes_and_keeps_the_order()
    {
        const int Half = BatchBounds.BytesMax / 2;
        int[] sizes = [1, 2, 3, Half, Half, Half, BatchBounds.BytesMax * 2, 4];

        int[][] batches = [.. BatchBounds.Cut(sizes, 3, size => size)];

        Assert.Equal([[1, 2, 3], [Half, Half], [Half], [BatchBounds.BytesMax * 2], [4]], batches);
    }
}
