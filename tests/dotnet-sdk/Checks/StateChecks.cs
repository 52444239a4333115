using System.Text;
using System.Text.Json;
using Dapr.Client;
using DotnetSdk.App;
using DotnetSdk.Running;
using Grpc.Core;

namespace DotnetSdk.Checks;

[Group("state")]
static class StateChecks
{
    public static async Task Saved_value_is_read_back(Bench b)
    {
        var order = new Order(b.NewName(), 3, "ünïcödé ✓");
        await b.Client.SaveStateAsync(b.Store, order.Id, order);
        Expect.Equal(order, await b.Client.GetStateAsync<Order>(b.Store, order.Id), "value");
    }

    public static async Task Value_that_is_not_there_is_the_default(Bench b) => Expect.Equal(null, await b.Client.GetStateAsync<Order>(b.Store, b.NewName()), "value");

    public static async Task Value_comes_with_its_etag(Bench b)
    {
        var key = await SavedAsync(b, 1);
        var (value, etag) = await b.Client.GetStateAndETagAsync<int>(b.Store, key);
        Expect.Equal(1, value, "value");
        Expect.True(etag.Length > 0, "the etag is empty");
    }

    public static async Task Etag_changes_with_every_write(Bench b)
    {
        var key = await SavedAsync(b, 1);
        var (_, before) = await b.Client.GetStateAndETagAsync<int>(b.Store, key);
        await b.Client.SaveStateAsync(b.Store, key, 1);
        var (_, after) = await b.Client.GetStateAndETagAsync<int>(b.Store, key);
        Expect.True(before != after, "the etag stayed the same");
    }

    public static async Task Save_with_the_right_etag_is_done(Bench b)
    {
        var key = await SavedAsync(b, 1);
        var (_, etag) = await b.Client.GetStateAndETagAsync<int>(b.Store, key);
        Expect.True(await b.Client.TrySaveStateAsync(b.Store, key, 2, etag), "it was refused");
        Expect.Equal(2, await b.Client.GetStateAsync<int>(b.Store, key), "value");
    }

    public static async Task Save_with_an_old_etag_is_not_done_and_no_error(Bench b)
    {
        var key = await SavedAsync(b, 1);
        var (_, etag) = await b.Client.GetStateAndETagAsync<int>(b.Store, key);
        await b.Client.SaveStateAsync(b.Store, key, 2);
        Expect.Equal(false, await b.Client.TrySaveStateAsync(b.Store, key, 3, etag), "saved");
        Expect.Equal(2, await b.Client.GetStateAsync<int>(b.Store, key), "value");
    }

    public static async Task Of_two_writers_with_one_etag_one_wins(Bench b)
    {
        var key = await SavedAsync(b, 0);
        var (_, etag) = await b.Client.GetStateAndETagAsync<int>(b.Store, key);
        var saved = await Task.WhenAll(Enumerable.Range(1, 10).Select(i => b.Client.TrySaveStateAsync(b.Store, key, i, etag)));
        Expect.Equal(1, saved.Count(done => done), "writers that won");
    }

    public static async Task Deleted_value_is_gone(Bench b)
    {
        var key = await SavedAsync(b, 1);
        await b.Client.DeleteStateAsync(b.Store, key);
        Expect.Equal(null, await b.Client.GetStateAsync<int?>(b.Store, key), "value");
    }

    public static async Task Deletion_of_what_is_not_there_is_no_error(Bench b) => await b.Client.DeleteStateAsync(b.Store, b.NewName());

    public static async Task Deletion_with_the_right_etag_is_done(Bench b)
    {
        var key = await SavedAsync(b, 1);
        var (_, etag) = await b.Client.GetStateAndETagAsync<int>(b.Store, key);
        Expect.True(await b.Client.TryDeleteStateAsync(b.Store, key, etag), "it was refused");
        Expect.Equal(null, await b.Client.GetStateAsync<int?>(b.Store, key), "value");
    }

    public static async Task Deletion_with_an_old_etag_is_not_done(Bench b)
    {
        var key = await SavedAsync(b, 1);
        var (_, etag) = await b.Client.GetStateAndETagAsync<int>(b.Store, key);
        await b.Client.SaveStateAsync(b.Store, key, 2);
        Expect.Equal(false, await b.Client.TryDeleteStateAsync(b.Store, key, etag), "deleted");
        Expect.Equal(2, await b.Client.GetStateAsync<int>(b.Store, key), "value");
    }

    public static async Task Entry_saves_and_deletes_itself(Bench b)
    {
        var entry = await b.Client.GetStateEntryAsync<Order?>(b.Store, b.NewName());
        Expect.Equal(null, entry.Value, "value");
        entry.Value = new Order(entry.Key, 1);
        await entry.SaveAsync();
        var again = await b.Client.GetStateEntryAsync<Order?>(b.Store, entry.Key);
        Expect.Equal(new Order(entry.Key, 1), again.Value, "value");
        Expect.True(await again.TryDeleteAsync(), "it was not deleted");
    }

    public static async Task Bulk_read_has_values_and_gaps(Bench b)
    {
        var (one, two, none) = (await SavedAsync(b, 1), await SavedAsync(b, 2), b.NewName());
        var items = (await b.Client.GetBulkStateAsync(b.Store, [one, two, none], 10)).ToDictionary(item => item.Key);
        Expect.Equal("1 2 ", $"{items[one].Value} {items[two].Value} {items[none].Value}", "values");
        Expect.True(items[one].ETag.Length > 0, "the etag is empty");
    }

    public static async Task Bulk_read_gives_typed_values(Bench b)
    {
        var key = b.NewName();
        await b.Client.SaveStateAsync(b.Store, key, new Order(key, 5));
        Expect.Equal(new Order(key, 5), (await b.Client.GetBulkStateAsync<Order>(b.Store, [key], null)).Single().Value, "value");
    }

    public static async Task Bulk_save_writes_all(Bench b)
    {
        if (b.Settings.ApiToken is not null)
        {
            throw new SkipCheck("SaveBulkStateAsync of SDK 1.19.0 sends no API token");
        }
        string[] keys = [b.NewName(), b.NewName(), b.NewName()];
        await b.Client.SaveBulkStateAsync(b.Store, [.. keys.Select(key => new SaveStateItem<int>(key, 7, null!))]);
        Expect.Equal("7 7 7", string.Join(' ', await Task.WhenAll(keys.Select(key => b.Client.GetStateAsync<int>(b.Store, key)))), "values");
    }

    public static async Task Bulk_deletion_removes_all(Bench b)
    {
        string[] keys = [await SavedAsync(b, 1), await SavedAsync(b, 2)];
        await b.Client.DeleteBulkStateAsync(b.Store, [.. keys.Select(key => new BulkDeleteStateItem(key, null!))]);
        Expect.Equal(null, await b.Client.GetStateAsync<int?>(b.Store, keys[0]) ?? await b.Client.GetStateAsync<int?>(b.Store, keys[1]), "value");
    }

    public static async Task Transaction_writes_and_deletes_together(Bench b)
    {
        var (old, made) = (await SavedAsync(b, 1), b.NewName());
        await b.Client.ExecuteStateTransactionAsync(b.Store, [Upsert(made, 9), new StateTransactionRequest(old, null, StateOperationType.Delete)]);
        Expect.Equal(9, await b.Client.GetStateAsync<int>(b.Store, made), "value");
        Expect.Equal(null, await b.Client.GetStateAsync<int?>(b.Store, old), "old value");
    }

    public static async Task Transaction_with_an_old_etag_changes_nothing(Bench b)
    {
        var (guarded, other) = (await SavedAsync(b, 1), b.NewName());
        var (_, etag) = await b.Client.GetStateAndETagAsync<int>(b.Store, guarded);
        await b.Client.SaveStateAsync(b.Store, guarded, 2);
        await Expect.Throws<Exception>(() => b.Client.ExecuteStateTransactionAsync(b.Store, [Upsert(other, 9), Upsert(guarded, 3, etag)]));
        Expect.Equal(2, await b.Client.GetStateAsync<int>(b.Store, guarded), "guarded value");
        Expect.Equal(null, await b.Client.GetStateAsync<int?>(b.Store, other), "other value");
    }

    public static async Task Time_to_live_ends_a_value(Bench b)
    {
        var key = b.NewName();
        await b.Client.SaveStateAsync(b.Store, key, 1, metadata: new Dictionary<string, string> { ["ttlInSeconds"] = "2" });
        Expect.Equal(1, await b.Client.GetStateAsync<int?>(b.Store, key), "value at first");
        await Expect.Eventually(async () => await b.Client.GetStateAsync<int?>(b.Store, key) is null, "the value does not end");
    }

    public static async Task Bytes_that_are_no_JSON_come_back_as_they_went(Bench b)
    {
        var (key, bytes) = (b.NewName(), new byte[] { 0, 255, 34, 123, 10, 0 });
        await b.Client.SaveByteStateAsync(b.Store, key, bytes);
        Expect.True((await b.Client.GetByteStateAsync(b.Store, key)).Span.SequenceEqual(bytes), "the bytes came back changed");
    }

    public static async Task Bytes_are_guarded_by_etags_too(Bench b)
    {
        var key = b.NewName();
        await b.Client.SaveByteStateAsync(b.Store, key, new byte[] { 1 });
        var (_, etag) = await b.Client.GetByteStateAndETagAsync(b.Store, key);
        Expect.True(await b.Client.TrySaveByteStateAsync(b.Store, key, new byte[] { 2 }, etag), "the right etag was refused");
        Expect.Equal(false, await b.Client.TrySaveByteStateAsync(b.Store, key, new byte[] { 3 }, etag), "saved with an old etag");
    }

    public static async Task Strong_consistency_and_first_write_are_taken(Bench b)
    {
        var key = b.NewName();
        await b.Client.SaveStateAsync(b.Store, key, 1, new StateOptions { Consistency = ConsistencyMode.Strong, Concurrency = ConcurrencyMode.FirstWrite });
        Expect.Equal(1, await b.Client.GetStateAsync<int>(b.Store, key, ConsistencyMode.Strong), "value");
    }

    public static async Task Value_of_a_megabyte_is_kept(Bench b)
    {
        var order = new Order(b.NewName(), 1, new string('x', 1024 * 1024));
        await b.Client.SaveStateAsync(b.Store, order.Id, order);
        Expect.Equal(order, await b.Client.GetStateAsync<Order>(b.Store, order.Id), "value");
    }

    public static Task Unknown_store_is_InvalidArgument(Bench b) => Expect.Refused(StatusCode.InvalidArgument, () => b.Client.GetStateAsync<int>("no-such-store", "k"));

    static StateTransactionRequest Upsert(string key, int value, string? etag = null) =>
        new(key, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(value)), StateOperationType.Upsert, etag);

    static async Task<string> SavedAsync(Bench b, int value)
    {
        var key = b.NewName();
        await b.Client.SaveStateAsync(b.Store, key, value);
        return key;
    }
}
