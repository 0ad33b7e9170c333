using System.Net;
using System.Text.Json.Nodes;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests.SignIns;

public sealed class LockoutTests(LockoutTests.Strict shared) : IClassFixture<LockoutTests.Strict>
{
    private const string Wrong = "not the password";

    private static int s_networks;

    private readonly ShiftedTime _time = shared.Clock;
    private readonly RunningIdentity _identity = shared.Identity;

    /// <summary>Each test comes from a network of its own.</summary>
    private readonly (string Name, string Value) _network = ("Forwarded", $"for=198.51.100.{Interlocked.Increment(ref s_networks)}");

    public sealed class Strict(TestPostgres postgres) : TimedIdentity(postgres)
    {
        protected override (string Name, string Value)[] Settings =>
            [("LOCK_AFTER_FAILURES", "3"), ("FAILURES_PER_ADDRESS", "6"), ("FAILURES_PER_NETWORK", "12")];
    }

    [Fact]
    public async Task Failures_in_a_row_lock_the_account_also_for_the_right_password_until_the_time_is_over()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        await FailAsync(email, 3);

        // A remembered password must not be a way around the lock.
        await RefusedAsync(email, RunningIdentity.Password, HttpStatusCode.Unauthorized, "badCredentials");
        _time.Advance(TimeSpan.FromMinutes(16));
        await SignInAsync(email);
    }

    [Fact]
    public async Task A_remembered_password_does_not_get_past_the_lock()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        await SignInAsync(email);
        await FailAsync(email, 3);
        await RefusedAsync(email, RunningIdentity.Password, HttpStatusCode.Unauthorized, "badCredentials");
    }

    [Fact]
    public async Task The_right_password_forgives_the_wrong_ones_before_it()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        for (var round = 0; round < 4; round++)
        {
            await FailAsync(email, 2);
            await SignInAsync(email);
            _time.Advance(TimeSpan.FromMinutes(16));
        }
    }

    [Fact]
    public async Task Too_many_failures_for_one_address_are_refused_whether_it_has_an_account_or_not()
    {
        var (known, unknown) = (RunningIdentity.NewEmail(), RunningIdentity.NewEmail("nobody"));
        await _identity.RegisterAsync(known);
        foreach (var email in new[] { known, unknown })
        {
            await FailAsync(email, 6);
            var problem = await RefusedAsync(email, Wrong, HttpStatusCode.TooManyRequests, "tooManyAttempts");
            Assert.Equal("There were too many failed sign-ins for this e-mail address. Wait, or reset the password.", problem["detail"]!.GetValue<string>());
            _time.Advance(TimeSpan.FromMinutes(16));
        }

        await SignInAsync(known);
    }

    [Fact]
    public async Task Spraying_one_password_over_many_accounts_is_stopped_for_the_network_and_says_when_to_return()
    {
        for (var number = 0; number < 12; number++)
        {
            await RefusedAsync(RunningIdentity.NewEmail("sprayed"), Wrong, HttpStatusCode.Unauthorized, "badCredentials");
        }

        using var response = await LoginAsync(RunningIdentity.NewEmail("sprayed"), Wrong);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 900);

        // From elsewhere the door is open: the gateway tells where a call comes from.
        var elsewhere = RunningIdentity.NewEmail();
        await _identity.JsonAsync(
            HttpStatusCode.Created, HttpMethod.Post, "/auth/register", RunningIdentity.Credentials(elsewhere), null, ("Forwarded", "for=192.0.2.7"));
        await _identity.JsonAsync(
            HttpStatusCode.OK, HttpMethod.Post, "/auth/login", RunningIdentity.Credentials(elsewhere), null, ("Forwarded", "for=192.0.2.7"));
    }

    [Fact]
    public async Task Counts_hold_over_several_instances()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        await using var other = await _identity.AnotherAsync(_time);
        await FailAsync(email, 3);
        using var response = await other.LoginAsync(email);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Known_and_unknown_addresses_get_the_same_answer()
    {
        var known = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(known);
        var answers = new List<string>();
        foreach (var email in new[] { known, RunningIdentity.NewEmail("nobody"), "not even an address" })
        {
            using var response = await LoginAsync(email, Wrong);
            var problem = await RunningIdentity.JsonAsync(response, HttpStatusCode.Unauthorized);
            problem.Remove("requestId");
            problem.Remove("traceId");
            answers.Add(problem.ToJsonString() + string.Join('|', response.Headers.Select(header => header.Key).Where(name => name != "X-Request-Id").Order()));
        }

        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task Failed_attempts_do_not_tell_which_addresses_were_tried()
    {
        await FailAsync("curious@example.org", 1);
        Assert.Equal("0", await _identity.Database.TextAsync("select count(*) from failed_attempts where encode(key, 'escape') like '%curious%'"));
        Assert.Equal("0", await _identity.Database.TextAsync("select count(*) from failed_attempts where length(key) <> 32"));
    }

    private Task<HttpResponseMessage> LoginAsync(string email, string password) =>
        _identity.SendAsync(HttpMethod.Post, "/auth/login", RunningIdentity.Credentials(email, password), null, _network);

    private async Task SignInAsync(string email)
    {
        using var response = await LoginAsync(email, RunningIdentity.Password);
        await RunningIdentity.JsonAsync(response, HttpStatusCode.OK);
    }

    private async Task FailAsync(string email, int times)
    {
        for (var number = 0; number < times; number++)
        {
            await RefusedAsync(email, Wrong, HttpStatusCode.Unauthorized, "badCredentials");
        }
    }

    private async Task<JsonObject> RefusedAsync(string email, string password, HttpStatusCode status, string code)
    {
        using var response = await LoginAsync(email, password);
        var problem = await RunningIdentity.JsonAsync(response, status);
        Assert.Equal(code, problem["code"]!.GetValue<string>());
        return problem;
    }
}
