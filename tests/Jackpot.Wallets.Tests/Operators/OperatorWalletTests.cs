using System.Collections.Frozen;
using System.Net;
using System.Text;
using Jackpot.Core.Amounts;
using Jackpot.TestKit;
using Jackpot.Wallets.Exchanges;
using Jackpot.Wallets.Mapping;
using Jackpot.Wallets.Operators;
using Jackpot.Wallets.Signing;
using Jackpot.Wallets.Transactions;

namespace Jackpot.Wallets.Tests.Operators;

/// <summary>What one operator's wallet may do to this process and to the wallets of others.</summary>
public sealed class OperatorWalletTests
{
    static readonly Currency Euro = Currency.Parse("EUR");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static WalletTransaction Credit(string id = "payout-1", long micros = 2_500_000) => new(TransactionType.Credit, id, "brand-42", "player-1", new Money(micros, Euro));

    static OperatorWallet Open(HttpMessageHandler handler, Func<OperatorSettings, OperatorSettings>? change = null, TimeProvider? clock = null, ReadSecret? secret = null) =>
        new((change ?? (same => same))(new OperatorSettings("brand-42", new Uri("http://wallet.invalid"), WalletMapping.Standard)), secret, clock ?? TimeProvider.System, handler);

    static HttpResponseMessage Done(string id = "payout-1") => new(HttpStatusCode.OK)
    {
        Content = new StringContent($$"""{"transaction_id":"{{id}}","player_id":"player-1","amount":2.50,"currency":"EUR","status":"done"}"""),
    };

    [Fact]
    public async Task A_wallet_that_never_answers_holds_up_its_own_calls_only_and_so_many_of_them()
    {
        var stuck = new TaskCompletionSource();
        var arrived = 0;
        using var slow = Open(
            new Answers(async (_, ct) => { Interlocked.Increment(ref arrived); await stuck.Task.WaitAsync(ct); return Done(); }),
            settings => settings with { Limits = ConnectionLimits.Usual with { AtOnceMax = 4, WaitingMax = 6 } });
        using var quick = Open(new Answers((_, _) => Task.FromResult(Done())));

        var held = Enumerable.Range(0, 30).Select(_ => slow.ApplyAsync(Credit(), Ct)).ToArray();
        await Eventually.TrueAsync(() => Task.FromResult(held.Count(call => call.IsCompleted) == 20), TimeSpan.FromSeconds(5), "twenty calls found no place");
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(new WalletAnswer.Done(), await quick.ApplyAsync(Credit(), Ct));
        }

        Assert.All(held.Where(call => call.IsCompleted), call => Assert.False(Assert.IsType<WalletAnswer.InDoubt>(call.Result).MayHaveArrived));
        Assert.Equal(4, arrived);
        stuck.SetResult();
        Assert.Equal(10, (await Task.WhenAll(held)).Count(answer => answer is WalletAnswer.Done));
    }

    [Fact]
    public async Task A_wallet_that_fails_again_and_again_is_left_alone_and_then_tried_with_one_call()
    {
        var clock = TestClock.AtNewYear();
        var (arrived, status) = (0, HttpStatusCode.BadGateway);
        using var wallet = Open(
            new Answers((_, _) => { arrived++; return Task.FromResult(status == HttpStatusCode.OK ? Done() : new HttpResponseMessage(status)); }),
            settings => settings with { Limits = ConnectionLimits.Usual with { LeastCalls = 5, Pause = TimeSpan.FromSeconds(3) } }, clock);

        for (var i = 0; i < 20; i++)
        {
            await wallet.ApplyAsync(Credit(), Ct);
        }

        Assert.Equal(5, arrived);
        Assert.False(Assert.IsType<WalletAnswer.InDoubt>(await wallet.ApplyAsync(Credit(), Ct)).MayHaveArrived);
        (status, _) = (HttpStatusCode.OK, 0);
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(new WalletAnswer.Done(), await wallet.ApplyAsync(Credit(), Ct));
        Assert.Equal(6, arrived);
    }

    [Fact]
    public async Task A_refusal_is_no_failure_of_the_wallet()
    {
        using var wallet = Open(new Answers((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound))), settings => settings with { Limits = ConnectionLimits.Usual with { LeastCalls = 5 } });

        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<WalletAnswer.Refused>(await wallet.ApplyAsync(Credit(), Ct));
        }
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, false)]
    [InlineData(HttpRequestError.NameResolutionError, false)]
    [InlineData(HttpRequestError.SecureConnectionError, false)]
    [InlineData(HttpRequestError.ResponseEnded, true)]
    [InlineData(HttpRequestError.Unknown, true)]
    public async Task Only_what_never_left_is_known_not_to_have_arrived(HttpRequestError error, bool mayHaveArrived)
    {
        using var wallet = Open(new Answers((_, _) => throw new HttpRequestException(error)));

        Assert.Equal(mayHaveArrived, Assert.IsType<WalletAnswer.InDoubt>(await wallet.ApplyAsync(Credit(), Ct)).MayHaveArrived);
    }

    [Fact]
    public async Task No_answer_in_time_is_in_doubt()
    {
        using var wallet = Open(new Answers(async (_, ct) => { await Task.Delay(Timeout.Infinite, ct); return Done(); }), settings => settings with { Timeout = TimeSpan.FromMilliseconds(60) });

        Assert.True(Assert.IsType<WalletAnswer.InDoubt>(await wallet.ApplyAsync(Credit(), Ct)).MayHaveArrived);
    }

    [Fact]
    public async Task A_credit_is_sent_once_whatever_the_answer()
    {
        foreach (var status in (int[])[200, 302, 307, 401, 404, 408, 429, 500, 503])
        {
            var arrived = 0;
            using var wallet = Open(new Answers((_, _) => { arrived++; return Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Headers = { Location = new Uri("http://elsewhere.invalid") } }); }));
            await wallet.ApplyAsync(Credit(), Ct);
            Assert.Equal(1, arrived);
        }
    }

    [Fact]
    public async Task Outside_the_operators_hours_nothing_is_sent_and_a_query_is()
    {
        var clock = TestClock.AtNewYear();
        var arrived = 0;
        using var wallet = Open(
            new Answers((_, _) => { arrived++; return Task.FromResult(Done()); }),
            settings => settings with { Hours = new AllowedHours(new TimeOnly(6, 0), new TimeOnly(5, 0), TimeZoneInfo.Utc) }, clock);
        clock.Advance(new DateTimeOffset(2027, 1, 1, 5, 30, 0, TimeSpan.Zero) - clock.GetUtcNow());

        Assert.False(Assert.IsType<WalletAnswer.InDoubt>(await wallet.ApplyAsync(Credit(), Ct)).MayHaveArrived);
        Assert.Equal(0, arrived);
        Assert.IsType<WalletAnswer.Done>(await wallet.StatusAsync(Credit(), Ct));
        clock.Advance(TimeSpan.FromMinutes(31));
        Assert.IsType<WalletAnswer.Done>(await wallet.ApplyAsync(Credit(), Ct));
    }

    [Fact]
    public async Task What_the_operator_does_not_take_is_refused_before_it_is_sent()
    {
        using var wallet = Open(new Answers((_, _) => throw new InvalidOperationException("it was sent")), settings => settings with
        {
            Currencies = new[] { Euro }.ToFrozenSet(), CreditMicrosMax = new Dictionary<Currency, long> { [Euro] = 2_000_000 }.ToFrozenDictionary(),
        });

        Assert.Equal(new WalletAnswer.Refused("amount_above_limit_of_operator"), await wallet.ApplyAsync(Credit(), Ct));
        Assert.Equal(new WalletAnswer.Refused("currency_not_taken"), await wallet.ApplyAsync(Credit() with { Amount = new Money(1_000_000, Currency.Parse("SEK")) }, Ct));
        Assert.Equal(new WalletAnswer.Refused("amount_not_whole_minor_units"), await wallet.ApplyAsync(Credit(micros: 1_005_000), Ct));
    }

    [Fact]
    public async Task Requests_are_signed_and_an_answer_that_is_not_signed_for_them_does_not_count()
    {
        var (key, isSigned) = (new SigningKey("key-1", "0123456789abcdef"), false);
        using var wallet = Open(
            new Answers(async (request, ct) =>
            {
                string One(string name) => request.Headers.NonValidated[name].ToString();
                var message = SignedMessage.Request(request.Method.Method, request.RequestUri!.AbsoluteUri, await request.Content!.ReadAsByteArrayAsync(ct));
                Assert.Null(HttpSignature.Verify(
                    message, new SignatureHeaders(One("Content-Digest"), One("Signature-Input"), One("Signature")), new Dictionary<string, SigningKey> { [key.Id] = key }, DateTimeOffset.UtcNow, new NonceMemory()));
                var answer = Done();
                if (isSigned)
                {
                    var headers = HttpSignature.Sign(SignedMessage.Answer(200, await answer.Content.ReadAsByteArrayAsync(ct), One("Signature")), key, DateTimeOffset.UtcNow);
                    answer.Headers.TryAddWithoutValidation("Content-Digest", headers.ContentDigest);
                    answer.Headers.TryAddWithoutValidation("Signature-Input", headers.SignatureInput);
                    answer.Headers.TryAddWithoutValidation("Signature", headers.Signature);
                }

                return answer;
            }),
            settings => settings with { KeyId = key.Id, SecretName = "s", AnswersAreSigned = true }, secret: (_, _) => ValueTask.FromResult("0123456789abcdef"));

        Assert.True(Assert.IsType<WalletAnswer.InDoubt>(await wallet.ApplyAsync(Credit(), Ct)).IsStrange);
        isSigned = true;
        Assert.Equal(new WalletAnswer.Done(), await wallet.ApplyAsync(Credit(), Ct));
    }

    [Fact]
    public async Task Without_its_secret_nothing_is_sent_until_it_can_be_read()
    {
        var canRead = false;
        using var wallet = Open(
            new Answers((_, _) => Task.FromResult(Done())), settings => settings with { KeyId = "key-1", SecretName = "s" },
            secret: (_, _) => canRead ? ValueTask.FromResult("0123456789abcdef") : throw new IOException("the secret store is away"));

        Assert.False(Assert.IsType<WalletAnswer.InDoubt>(await wallet.ApplyAsync(Credit(), Ct)).MayHaveArrived);
        canRead = true;
        Assert.Equal(new WalletAnswer.Done(), await wallet.ApplyAsync(Credit(), Ct));
    }

    [Fact]
    public async Task An_answer_that_does_not_end_is_not_read_to_its_end()
    {
        using var wallet = Open(new Answers((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[10_000_000]) })));

        Assert.IsType<WalletAnswer.InDoubt>(await wallet.ApplyAsync(Credit(), Ct));
    }

    sealed class Answers(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }
}
