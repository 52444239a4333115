using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.2 state")]
static class StateCases
{
    public static async Task Missing_key_is_204_without_a_body(Bench b)
    {
        var reply = (await b.Get($"{b.State}/{b.NewName()}")).Is(204);
        Expect.Equal(0, reply.Bytes.Length, "body length");
    }

    public static async Task Save_is_204_and_the_value_is_read_back(Bench b)
    {
        var key = b.NewName();
        (await b.Post(b.State, One(key, "{\"a\":1}"))).Is(204);
        Expect.Equal(1, (await b.Get($"{b.State}/{key}")).Is(200).Json.GetProperty("a").GetInt32(), "a");
    }

    public static async Task Put_saves_as_post_does(Bench b)
    {
        var key = b.NewName();
        (await b.Put(b.State, One(key, "1"))).Is(204);
        Expect.Equal("1", (await b.Get($"{b.State}/{key}")).Is(200).Text, "value");
    }

    public static Task String_survives(Bench b) => Survives(b, "\"text with \\\"quotes\\\" and ü\"");

    public static Task Number_survives(Bench b) => Survives(b, "12345.678");

    public static Task Boolean_survives(Bench b) => Survives(b, "true");

    public static Task Array_survives(Bench b) => Survives(b, "[1,\"two\",null,{\"x\":[]}]");

    public static Task Nested_object_survives(Bench b) => Survives(b, "{\"a\":{\"b\":{\"c\":[1,2,3]}}}");

    public static Task Value_of_one_mebibyte_survives(Bench b) => Survives(b, $"\"{new string('x', 1024 * 1024)}\"");

    public static async Task Read_carries_an_etag(Bench b)
    {
        var (_, etag) = await Saved(b);
        Expect.True(etag.Length > 0, "no ETag header");
    }

    public static async Task Etag_changes_with_every_write(Bench b)
    {
        var (key, first) = await Saved(b);
        await b.Post(b.State, One(key, "2"));
        Expect.True(await Etag(b, key) != first, "the etag stayed the same");
    }

    public static async Task Etag_does_not_change_by_reading(Bench b)
    {
        var (key, first) = await Saved(b);
        Expect.Equal(first, await Etag(b, key), "etag");
    }

    public static async Task Write_with_the_current_etag_is_204(Bench b)
    {
        var (key, etag) = await Saved(b);
        (await b.Post(b.State, WithEtag(key, "2", etag))).Is(204);
        Expect.Equal("2", (await b.Get($"{b.State}/{key}")).Text, "value");
    }

    public static async Task Write_with_an_old_etag_is_409_and_changes_nothing(Bench b)
    {
        var (key, old) = await Saved(b);
        (await b.Post(b.State, One(key, "2"))).Is(204);
        (await b.Post(b.State, WithEtag(key, "3", old))).Is(409);
        Expect.Equal("2", (await b.Get($"{b.State}/{key}")).Text, "value");
    }

    public static async Task Write_without_etag_wins(Bench b)
    {
        var (key, _) = await Saved(b);
        (await b.Post(b.State, One(key, "9"))).Is(204);
        Expect.Equal("9", (await b.Get($"{b.State}/{key}")).Text, "value");
    }

    public static async Task First_write_without_etag_inserts_a_new_key(Bench b)
    {
        var key = b.NewName();
        (await b.Post(b.State, InsertOnly(key, "1"))).Is(204);
        Expect.Equal("1", (await b.Get($"{b.State}/{key}")).Text, "value");
    }

    /// <summary>409 on in-memory and sqlite, 500 on PostgreSQL and Redis; refused on all.</summary>
    public static async Task First_write_without_etag_does_not_replace_a_key(Bench b)
    {
        var key = b.NewName();
        (await b.Post(b.State, InsertOnly(key, "1"))).Is(204);
        (await b.Post(b.State, InsertOnly(key, "2"))).Is(409, 500);
        Expect.Equal("1", (await b.Get($"{b.State}/{key}")).Text, "value");
    }

    public static async Task Several_items_are_saved_in_one_call(Bench b)
    {
        var (one, two) = (b.NewName(), b.NewName());
        (await b.Post(b.State, Bench.Json(new[] { new { key = one, value = 1 }, new { key = two, value = 2 } }))).Is(204);
        Expect.Equal("1", (await b.Get($"{b.State}/{one}")).Text, "first");
        Expect.Equal("2", (await b.Get($"{b.State}/{two}")).Text, "second");
    }

    public static async Task Empty_list_is_204(Bench b) => (await b.Post(b.State, "[]")).Is(204);

    public static async Task Body_that_is_no_json_is_400(Bench b) => (await b.Post(b.State, "{not json")).IsError(400, "ERR_MALFORMED_REQUEST");

    public static async Task Empty_key_is_400(Bench b) => (await b.Post(b.State, One("", "1"))).Is(400);

    public static async Task Key_with_two_bars_is_400(Bench b) => (await b.Post(b.State, One("a||b", "1"))).Is(400);

    public static async Task Unknown_store_is_400_for_a_read(Bench b) => (await b.Get("/v1.0/state/no-such-store/k")).IsError(400, "ERR_STATE_STORE_NOT_FOUND");

    public static async Task Unknown_store_is_400_for_a_write(Bench b) => (await b.Post("/v1.0/state/no-such-store", One("k", "1"))).IsError(400, "ERR_STATE_STORE_NOT_FOUND");

    public static async Task Unknown_store_is_400_for_a_delete(Bench b) => (await b.Delete("/v1.0/state/no-such-store/k")).IsError(400, "ERR_STATE_STORE_NOT_FOUND");

    public static async Task Error_has_a_message_beside_its_code(Bench b) =>
        Expect.Contains("no-such-store", (await b.Get("/v1.0/state/no-such-store/k")).Json.GetProperty("message").GetString(), "message");

    public static async Task Delete_is_204_and_the_key_is_gone(Bench b)
    {
        var (key, _) = await Saved(b);
        (await b.Delete($"{b.State}/{key}")).Is(204);
        (await b.Get($"{b.State}/{key}")).Is(204);
    }

    public static async Task Delete_of_a_missing_key_is_204(Bench b) => (await b.Delete($"{b.State}/{b.NewName()}")).Is(204);

    public static async Task Delete_with_the_current_etag_is_204(Bench b)
    {
        var (key, etag) = await Saved(b);
        (await b.Delete($"{b.State}/{key}", ("If-Match", etag))).Is(204);
        (await b.Get($"{b.State}/{key}")).Is(204);
    }

    public static async Task Delete_with_an_old_etag_is_409_and_deletes_nothing(Bench b)
    {
        var (key, old) = await Saved(b);
        await b.Post(b.State, One(key, "2"));
        (await b.Delete($"{b.State}/{key}", ("If-Match", old))).Is(409);
        (await b.Get($"{b.State}/{key}")).Is(200);
    }

    public static async Task Bulk_read_gives_values_and_etags_and_nothing_for_missing_keys(Bench b)
    {
        var (key, etag) = await Saved(b);
        var missing = b.NewName();
        var items = (await b.Post($"{b.State}/bulk", Bench.Json(new { keys = new[] { key, missing }, parallelism = 2 }))).Is(200).Json.EnumerateArray().ToList();
        var found = items.Single(item => item.GetProperty("key").GetString() == key);
        Expect.Equal(1, found.GetProperty("data").GetInt32(), "data");
        Expect.Equal(etag, found.GetProperty("etag").GetString(), "etag");
        Expect.True(!items.Single(item => item.GetProperty("key").GetString() == missing).TryGetProperty("data", out _), "a missing key has data");
    }

    public static async Task Transaction_upserts_and_deletes(Bench b)
    {
        var (gone, _) = await Saved(b);
        var born = b.NewName();
        (await b.Post($"{b.State}/transaction", Transaction(Upsert(born, 5), DeleteOf(gone)))).Is(204);
        Expect.Equal("5", (await b.Get($"{b.State}/{born}")).Is(200).Text, "value");
        (await b.Get($"{b.State}/{gone}")).Is(204);
    }

    public static async Task Transaction_with_a_wrong_etag_is_500_and_changes_nothing(Bench b)
    {
        var (key, old) = await Saved(b);
        await b.Post(b.State, One(key, "2"));
        var other = b.NewName();
        (await b.Post($"{b.State}/transaction", Transaction(Upsert(other, 1), Upsert(key, 3, old)))).IsError(500, "ERR_STATE_TRANSACTION");
        (await b.Get($"{b.State}/{other}")).Is(204);
        Expect.Equal("2", (await b.Get($"{b.State}/{key}")).Text, "value");
    }

    public static async Task Transaction_with_the_current_etag_is_204(Bench b)
    {
        var (key, etag) = await Saved(b);
        (await b.Post($"{b.State}/transaction", Transaction(Upsert(key, 7, etag)))).Is(204);
        Expect.Equal("7", (await b.Get($"{b.State}/{key}")).Text, "value");
    }

    public static async Task Transaction_with_an_unknown_operation_is_400(Bench b) =>
        (await b.Post($"{b.State}/transaction", Transaction(new { operation = "replace", request = new { key = "k" } }))).Is(400);

    public static async Task Transaction_may_delete_a_missing_key(Bench b) =>
        (await b.Post($"{b.State}/transaction", Transaction(DeleteOf(b.NewName())))).Is(204);

    public static async Task Value_with_a_time_to_live_vanishes(Bench b)
    {
        var key = b.NewName();
        (await b.Post(b.State, Bench.Json(new[] { new { key, value = 1, metadata = new { ttlInSeconds = "1" } } }))).Is(204);
        (await b.Get($"{b.State}/{key}")).Is(200);
        await Expect.Eventually(async () => (await b.Get($"{b.State}/{key}")).Status == 204, "the value is still there");
    }

    public static async Task Strong_consistency_is_accepted(Bench b)
    {
        var (key, _) = await Saved(b);
        (await b.Get($"{b.State}/{key}?consistency=strong")).Is(200);
    }

    public static async Task Key_with_a_space_is_read_by_its_escaped_name(Bench b)
    {
        var key = $"{b.NewName()} x";
        (await b.Post(b.State, One(key, "1"))).Is(204);
        Expect.Equal("1", (await b.Get($"{b.State}/{Uri.EscapeDataString(key)}")).Is(200).Text, "value");
    }

    static string One(string key, string json) => $"[{{\"key\":{Bench.Json(key)},\"value\":{json}}}]";

    static string WithEtag(string key, string json, string etag) => $"[{{\"key\":{Bench.Json(key)},\"value\":{json},\"etag\":{Bench.Json(etag)}}}]";

    static string InsertOnly(string key, string json) => $"[{{\"key\":{Bench.Json(key)},\"value\":{json},\"options\":{{\"concurrency\":\"first-write\"}}}}]";

    static string Transaction(params object[] operations) => Bench.Json(new { operations });

    static object Upsert(string key, int value, string? etag = null) =>
        etag is null ? new { operation = "upsert", request = new { key, value } } : new { operation = "upsert", request = new { key, value, etag } };

    static object DeleteOf(string key) => new { operation = "delete", request = new { key } };

    static async Task<(string Key, string Etag)> Saved(Bench b)
    {
        var key = b.NewName();
        (await b.Post(b.State, One(key, "1"))).Is(204);
        return (key, await Etag(b, key));
    }

    static async Task<string> Etag(Bench b, string key) => (await b.Get($"{b.State}/{key}")).Is(200).Headers.GetValueOrDefault("ETag") ?? "";

    static async Task Survives(Bench b, string json)
    {
        var key = b.NewName();
        (await b.Post(b.State, One(key, json))).Is(204);
        var read = (await b.Get($"{b.State}/{key}")).Is(200);
        Expect.True(System.Text.Json.JsonElement.DeepEquals(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(json), read.Json), "the value came back changed");
    }
}
