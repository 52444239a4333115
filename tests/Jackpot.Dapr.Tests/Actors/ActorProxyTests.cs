using Jackpot.Dapr.Actors;
using Jackpot.Dapr.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Dapr.Tests.Actors;

public sealed class ActorProxyTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Interface_method_becomes_a_put_with_one_json_argument()
    {
        await using var app = await StartAsync();
        app.Sidecar.Answer = _ => new StubAnswer(200, """{"amount":9}""");

        var balance = await Factory(app).CreateActorProxy<IAccount>(new ActorId("a 1"), "Account").Add(new Deposit(9, "n"), Ct);

        Assert.Equal(9, balance.Amount);
        var seen = app.Sidecar.Only;
        Assert.Equal("""PUT /v1.0/actors/Account/a%201/method/Add {"amount":9,"note":"n"}""", $"{seen.Method} {seen.PathAndQuery} {seen.Body}");
    }

    [Fact]
    public async Task Raw_call_sends_octets_and_gives_the_answers_octets()
    {
        await using var app = await StartAsync();
        app.Sidecar.Answer = _ => new StubAnswer(200, "answer", "application/octet-stream");

        var answer = await Factory(app).Create(new ActorId("a1"), "Account").InvokeRawAsync("Reverse", new byte[] { 0, 255, 1 }, Ct);

        Assert.Equal("answer"u8.ToArray(), answer.ToArray());
        Assert.Equal("application/octet-stream", app.Sidecar.Only.Headers["Content-Type"]);
        Assert.Equal([0, 255, 1], app.Sidecar.Only.BodyBytes);
    }

    [Fact]
    public async Task Marked_answer_is_the_actors_exception()
    {
        await using var app = await StartAsync();
        app.Sidecar.Answer = _ => new StubAnswer(200, """{"errorType":"System.InvalidOperationException","message":"no"}""")
        {
            Headers = { ["X-DaprErrorResponseHeader"] = "json-error" },
        };

        var error = await Assert.ThrowsAsync<ActorMethodInvocationException>(
            () => Factory(app).CreateActorProxy<IAccount>(new ActorId("a1"), "Account").Fail("x"));

        Assert.Equal("System.InvalidOperationException", error.ErrorType);
        Assert.Equal("no", error.ErrorMessage);
    }

    [Theory]
    [InlineData(500, "ERR_ACTOR_INVOKE_METHOD", DaprOutcome.InDoubt)]
    [InlineData(404, "ERR_ACTOR_NO_ADDRESS", DaprOutcome.Refused)]
    public async Task Error_of_the_sidecar_says_whether_the_call_can_have_run(int status, string code, DaprOutcome outcome)
    {
        await using var app = await StartAsync();
        app.Sidecar.Answer = _ => new StubAnswer(status, $$"""{"errorCode":"{{code}}","message":"m"}""");

        var error = await Assert.ThrowsAsync<DaprApiException>(
            () => Factory(app).CreateActorProxy<IAccount>(new ActorId("a1"), "Account").ReadAsync());

        Assert.Equal(code, error.ErrorCode);
        Assert.Equal(outcome, error.Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a#b")]
    [InlineData("a\u0001")]
    public void Id_that_dapr_refuses_is_refused_here(string id) => Assert.Throws<ArgumentException>(() => new ActorId(id));

    static IActorProxyFactory Factory(TestApp app) => app.Services.GetRequiredService<IActorProxyFactory>();

    static Task<TestApp> StartAsync() => TestApp.StartAsync(services => services.AddActors(), _ => { });
}
