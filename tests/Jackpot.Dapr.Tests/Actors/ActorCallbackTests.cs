using System.Net;
using System.Net.Http.Json;
using System.Text;
using Jackpot.Dapr.Actors;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Dapr.Tests.Actors;

public sealed class ActorCallbackTests
{
    readonly ActorDiary _diary = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Config_names_the_types_and_only_what_was_set()
    {
        await using var app = await StartAsync(options =>
        {
            options.ActorIdleTimeout = TimeSpan.FromMinutes(10);
            options.DrainOngoingCallTimeout = TimeSpan.FromSeconds(5);
            options.ReentrancyConfig.Enabled = true;
        });

        var config = await app.Http.GetStringAsync("/dapr/config", Ct);

        Assert.Equal("""{"entities":["Account"],"actorIdleTimeout":"0h10m0s0ms","drainOngoingCallTimeout":"0h0m5s0ms","reentrancy":{"enabled":true}}""", config);
    }

    [Fact]
    public async Task Method_takes_and_gives_json_and_saves_what_changed_in_one_call()
    {
        await using var app = await StartAsync();

        using var response = await app.Http.PutAsJsonAsync("/actors/Account/a1/method/Add", new { amount = 7, note = "x" }, Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"amount":7}""", await response.Content.ReadAsStringAsync(Ct));
        Assert.Collection(
            app.Sidecar.Seen,
            read => Assert.Equal("GET /v1.0/actors/Account/a1/state/amount", $"{read.Method} {read.PathAndQuery}"),
            save =>
            {
                Assert.Equal("POST /v1.0/actors/Account/a1/state", $"{save.Method} {save.PathAndQuery}");
                Assert.Equal("""[{"operation":"upsert","request":{"key":"amount","value":7}}]""", save.Body);
            });
    }

    [Fact]
    public async Task Turn_that_changes_nothing_saves_nothing()
    {
        await using var app = await StartAsync();
        app.Sidecar.Answer = _ => new StubAnswer(200, "41");

        using var response = await app.Http.PutAsync("/actors/Account/a1/method/ReadAsync", null, Ct);

        Assert.Equal("41", await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal("GET", app.Sidecar.Only.Method);
    }

    [Fact]
    public async Task State_is_read_once_and_then_kept()
    {
        await using var app = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            using var _ = await app.Http.PutAsJsonAsync("/actors/Account/a1/method/Add", new { amount = 1 }, Ct);
        }

        Assert.Single(app.Sidecar.Seen, request => request.Method == "GET");
        Assert.Equal(3, app.Sidecar.Seen.Count(request => request.Method == "POST"));
        Assert.Equal(1, _diary.Activations);
    }

    [Fact]
    public async Task Exception_of_a_method_is_200_with_the_marker_and_forgets_the_changes()
    {
        await using var app = await StartAsync();

        using var response = await app.Http.PutAsJsonAsync("/actors/Account/a1/method/AddThenFail", 5, Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.Contains("X-DaprErrorResponseHeader"));
        Assert.Contains("after the change", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Empty(app.Sidecar.Seen);
        using var read = await app.Http.PutAsync("/actors/Account/a1/method/ReadAsync", null, Ct);
        Assert.Equal("0", await read.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("/actors/Account/a1/method/NoSuchMethod")]
    [InlineData("/actors/NoSuchType/a1/method/Add")]
    public async Task Unknown_type_or_method_is_404(string path)
    {
        await using var app = await StartAsync();

        using var response = await app.Http.PutAsync(path, null, Ct);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Raw_method_gets_and_gives_the_bytes_themselves()
    {
        await using var app = await StartAsync();
        var bytes = new byte[50_000];
        new Random(1).NextBytes(bytes);

        using var response = await app.Http.PutAsync("/actors/Account/a1/method/Reverse", new ByteArrayContent(bytes), Ct);

        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(bytes.Reverse(), await response.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task Turns_of_one_actor_never_overlap()
    {
        await using var app = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await app.Http.PutAsJsonAsync("/actors/Account/a1/method/Add", new { amount = 1 }, Ct);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }));

        Assert.Equal(1, _diary.RunningMax);
        Assert.Contains("\"value\":20", app.Sidecar.Seen.Last().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aborted_request_cancels_the_methods_token_and_saves_nothing()
    {
        await using var app = await StartAsync();
        using var giveUp = new CancellationTokenSource();
        var call = app.Http.PutAsync("/actors/Account/a1/method/Wait", null, giveUp.Token);
        await _diary.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await _diary.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        _diary.Continue.SetResult();
        using var next = await app.Http.PutAsJsonAsync("/actors/Account/a1/method/Add", new { amount = 1 }, Ct);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.DoesNotContain(app.Sidecar.Seen, request => request.Body.Contains("77", StringComparison.Ordinal));
        Assert.Equal("""{"amount":1}""", await next.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Deactivation_answers_200_and_the_next_call_activates_anew()
    {
        await using var app = await StartAsync();
        using (await app.Http.PutAsync("/actors/Account/a1/method/ReadAsync", null, Ct))
        {
        }

        using var gone = await app.Http.DeleteAsync("/actors/Account/a1", Ct);
        using var unknown = await app.Http.DeleteAsync("/actors/Account/never-there", Ct);
        using var next = await app.Http.PutAsync("/actors/Account/a1/method/ReadAsync", null, Ct);

        Assert.Equal(HttpStatusCode.OK, gone.StatusCode);
        Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal(2, _diary.Activations);
        Assert.Equal(1, _diary.Deactivations);
    }

    [Fact]
    public async Task Reminder_and_timer_reach_their_methods_with_their_bytes()
    {
        await using var app = await StartAsync();
        var data = Convert.ToBase64String("x1"u8.ToArray());

        using var remind = await app.Http.PutAsync(
            "/actors/Account/a1/method/remind/pay", new StringContent($$"""{"data":"{{data}}","dueTime":"","period":""}""", Encoding.UTF8, "application/json"), Ct);
        using var timer = await app.Http.PutAsync(
            "/actors/Account/a1/method/timer/tick", new StringContent("""{"callback":"OnTick","data":"AQID","dueTime":"1s","period":"1s"}""", Encoding.UTF8, "application/json"), Ct);

        Assert.Equal(HttpStatusCode.OK, remind.StatusCode);
        Assert.Equal(HttpStatusCode.OK, timer.StatusCode);
        Assert.Equal(["pay:x1", "timer:010203"], _diary.Ticks);
    }

    [Fact]
    public async Task Reminder_that_throws_answers_500_so_that_its_policy_applies()
    {
        await using var app = await StartAsync();

        using var response = await app.Http.PutAsync("/actors/Account/a1/method/remind/bad", new StringContent("{}"), Ct);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task Registrations_carry_gos_durations_and_base64_data()
    {
        await using var app = await StartAsync();

        using var response = await app.Http.PutAsync("/actors/Account/a1/method/Schedule", null, Ct);

        Assert.False(response.Headers.Contains("X-DaprErrorResponseHeader"));
        Assert.Collection(
            app.Sidecar.Seen,
            pay => Assert.Equal(
                """PUT /v1.0/actors/Account/a1/reminders/pay {"dueTime":"0h0m5s0ms","period":"","ttl":"0h1m0s0ms","data":"eDE="}""", $"{pay.Method} {pay.PathAndQuery} {pay.Body}"),
            repeat => Assert.Contains("R3/PT5S", repeat.Body, StringComparison.Ordinal),
            tick => Assert.Equal(
                """PUT /v1.0/actors/Account/a1/timers/tick {"dueTime":"0h0m1s0ms","period":"0h0m0s250ms","callback":"OnTick","data":"AQID"}""", $"{tick.Method} {tick.PathAndQuery} {tick.Body}"));
    }

    [Fact]
    public async Task App_token_guards_the_callbacks()
    {
        await using var app = await StartAsync(appToken: "secret");

        using var without = await app.Http.PutAsync("/actors/Account/a1/method/ReadAsync", null, Ct);
        app.Http.DefaultRequestHeaders.Add("dapr-api-token", "secret");
        using var with = await app.Http.PutAsync("/actors/Account/a1/method/ReadAsync", null, Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    Task<TestApp> StartAsync(Action<ActorRuntimeOptions>? configure = null, string? appToken = null) => TestApp.StartAsync(
        services =>
        {
            services.AddSingleton(_diary);
            services.AddActors(options =>
            {
                options.Actors.RegisterActor<AccountActor>("Account");
                configure?.Invoke(options);
            });
        },
        app => app.MapActorsHandlers(),
        appToken);
}
