using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.Sessions;

public sealed class RefreshTests(TimedIdentity shared) : IClassFixture<TimedIdentity>, IAsyncLifetime
{
    private readonly ShiftedTime _time = shared.Clock;
    private readonly RunningIdentity _identity = shared.Identity;
    private string _email = "";
    private string _first = "";

    public async ValueTask InitializeAsync()
    {
        _email = RunningIdentity.NewEmail();
        _first = Token(await _identity.RegisterAsync(_email));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_exchange_gives_a_new_pair()
    {
        var second = await ExchangeAsync(_first);
        var third = await ExchangeAsync(second);
        Assert.Equal(3, new HashSet<string> { _first, second, third }.Count);
    }

    [Fact]
    public async Task Within_the_grace_the_same_token_gives_the_same_successor()
    {
        var second = await ExchangeAsync(_first);
        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(second, await ExchangeAsync(_first));
        await ExchangeAsync(second);
    }

    [Fact]
    public async Task Several_exchanges_at_once_agree_on_one_successor()
    {
        var successors = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ExchangeAsync(_first)));
        Assert.Single(successors.Distinct());
    }

    [Fact]
    public async Task A_token_used_again_after_the_grace_ends_the_whole_family()
    {
        var second = await ExchangeAsync(_first);
        _time.Advance(TimeSpan.FromSeconds(31));
        await RefusedAsync(_first);
        await RefusedAsync(second);
        Assert.Equal("replay", await _identity.Database.TextAsync($"select revoked_reason from sessions join users on users.id = user_id where email = '{_email}'"));
    }

    [Fact]
    public async Task A_token_used_again_after_its_successor_was_used_ends_the_family_also_within_the_grace()
    {
        var second = await ExchangeAsync(_first);
        var third = await ExchangeAsync(second);
        await RefusedAsync(_first);
        await RefusedAsync(third);
    }

    [Fact]
    public async Task A_token_nobody_used_for_thirty_days_is_over()
    {
        _time.Advance(TimeSpan.FromDays(31));
        await RefusedAsync(_first);
    }

    [Fact]
    public async Task However_often_it_is_refreshed_a_session_ends_after_ninety_days()
    {
        var token = _first;
        for (var month = 0; month < 4; month++)
        {
            token = await ExchangeAsync(token);
            _time.Advance(TimeSpan.FromDays(22.6));
        }

        await RefusedAsync(token);
    }

    [Fact]
    public async Task A_disabled_account_refreshes_nothing()
    {
        await _identity.Database.ExecuteAsync($"update users set is_active = false where email = '{_email}'");
        await RefusedAsync(_first);
    }

    [Fact]
    public async Task A_refreshed_token_tells_of_the_account_as_it_is_now()
    {
        await _identity.Database.ExecuteAsync($"update users set first_name = 'Augusta' where email = '{_email}'");
        var answer = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/auth/refresh", Body(_first));
        Assert.Equal("Augusta", Jwt.Read(answer["token"]!.GetValue<string>()).Claims["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_token_of_one_surface_is_worth_nothing_at_the_other()
    {
        await _identity.JsonAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "/api/v1/users/refresh", Body(_first));
        await ExchangeAsync(_first);
    }

    [Fact]
    public async Task No_token_is_stored_as_it_is()
    {
        var second = await ExchangeAsync(_first);
        foreach (var token in new[] { _first, second })
        {
            Assert.Equal("0", await _identity.Database.TextAsync($"select count(*) from refresh_tokens where encode(hash, 'escape') like '%{token[..10]}%' or encode(salt, 'escape') like '%{token[..10]}%'"));
        }

        Assert.Equal("2", await _identity.Database.TextAsync($"select count(*) from refresh_tokens join sessions on sessions.id = session_id join users on users.id = user_id where email = '{_email}'"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("'; drop table sessions; --aaaaaaaaaaaaaaaaaa")]
    public async Task What_is_no_refresh_token_is_refused(string? token) => await RefusedAsync(token);

    private static string Token(JsonObject answer) => answer["refreshToken"]!.GetValue<string>();

    private static JsonObject Body(string? token) => new() { ["refreshToken"] = token };

    private async Task<string> ExchangeAsync(string token) =>
        Token(await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/auth/refresh", Body(token)));

    private async Task RefusedAsync(string? token)
    {
        var problem = await _identity.JsonAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "/auth/refresh", Body(token));
        Assert.Equal("refreshTokenInvalid", problem["code"]!.GetValue<string>());
    }
}
