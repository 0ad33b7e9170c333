using System.Net;
using System.Text.Json.Nodes;
using Slipway.Identity.Tests.OAuth;
using Slipway.Identity.TwoFactor;

namespace Slipway.Identity.Tests.TwoFactor;

public sealed class TwoFactorTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private readonly LeapingTime _time = world.Time;
    private readonly RunningIdentity _identity = world.Identity;

    private async Task<Guid> ChallengeAsync(Person person)
    {
        var first = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/session", RunningIdentity.Credentials(person.Email), null, ("Origin", Person.Origin));
        Assert.Equal("twoFactorRequired", first["state"]!.GetValue<string>());
        return first["challengeId"]!.GetValue<Guid>();
    }

    private Task<HttpResponseMessage> AnswerAsync(Guid challenge, string name, string code) => _identity.SendAsync(
        HttpMethod.Post, "/api/v1/session/two-factor", new JsonObject { ["challengeId"] = challenge, [name] = code }, null, ("Origin", Person.Origin));

    [Fact]
    public async Task Setting_up_gives_a_secret_a_picture_and_recovery_codes_and_asks_for_a_code_from_then_on()
    {
        var person = await Person.SignedInAsync(_identity, _time);
        var setup = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/account/two-factor");

        Assert.StartsWith("data:image/png;base64,", setup["qrCodePng"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains($"secret={setup["secret"]!.GetValue<string>()}", setup["otpauthUrl"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(10, setup["recoveryCodes"]!.AsArray().Count);

        // Begun is not done: the password is still enough.
        Assert.Equal("signedIn", await person.SignInAsync());
        await person.EnrolAsync();
        Assert.Equal("signedIn", await person.SignInAsync());
        var state = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/account/two-factor");
        Assert.True(state["enabled"]!.GetValue<bool>());
        Assert.Equal(10, state["recoveryCodesLeft"]!.GetValue<int>());
        await ChallengeAsync(person);
    }

    [Fact]
    public async Task A_code_works_once_even_in_another_sign_in()
    {
        var person = await Person.SignedInAsync(_identity, _time);
        await person.EnrolAsync();
        Assert.Equal("signedIn", await person.SignInAsync());

        using var replayed = await AnswerAsync(await ChallengeAsync(person), "code", person.CodeAgain());
        Assert.Equal("badCode", (await RunningIdentity.JsonAsync(replayed, HttpStatusCode.Unauthorized))["code"]!.GetValue<string>());

        _time.Leap(TimeSpan.FromMinutes(2));
        using var next = await AnswerAsync(await ChallengeAsync(person), "code", person.NextCode());
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task The_same_code_shown_twice_at_one_moment_is_accepted_once()
    {
        var person = await Person.SignedInAsync(_identity, _time);
        await person.EnrolAsync();
        var challenges = new[] { await ChallengeAsync(person), await ChallengeAsync(person), await ChallengeAsync(person) };
        var code = person.NextCode();

        var answers = await Task.WhenAll(challenges.Select(challenge => AnswerAsync(challenge, "code", code)));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task A_recovery_code_lets_in_once()
    {
        var person = await Person.SignedInAsync(_identity, _time);
        await person.EnrolAsync();
        var code = person.RecoveryCodes[3].ToLowerInvariant();

        using var first = await AnswerAsync(await ChallengeAsync(person), "recoveryCode", code);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var second = await AnswerAsync(await ChallengeAsync(person), "recoveryCode", code);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.Equal("9", await _identity.Database.TextAsync($"select count(*) from recovery_codes where user_id = '{person.Id}' and used_at is null"));
    }

    [Fact]
    public async Task Five_wrong_codes_close_the_second_factor_for_a_quarter_of_an_hour()
    {
        var person = await Person.SignedInAsync(_identity, _time);
        await person.EnrolAsync();
        var wrong = (int.Parse(person.CodeAgain(), null) + 1).ToString("D6", null)[^6..];
        var challenge = await ChallengeAsync(person);
        for (var tries = 0; tries < TryLimit.TriesMax; tries++)
        {
            using var refused = await AnswerAsync(challenge, "code", wrong);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using var closed = await AnswerAsync(await ChallengeAsync(person), "code", person.NextCode());
        Assert.Equal(HttpStatusCode.TooManyRequests, closed.StatusCode);
        Assert.True(closed.Headers.RetryAfter?.Delta > TimeSpan.Zero);

        // A challenge answers at most five times, right or wrong.
        using var spent = await AnswerAsync(challenge, "code", person.NextCode());
        Assert.Equal("challengeExpired", (await RunningIdentity.JsonAsync(spent, HttpStatusCode.Unauthorized))["code"]!.GetValue<string>());

        _time.Leap(TryLimit.Window);
        using var open = await AnswerAsync(await ChallengeAsync(person), "code", person.NextCode());
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    [Fact]
    public async Task A_challenge_ends_after_five_minutes_and_when_it_was_answered()
    {
        var person = await Person.SignedInAsync(_identity, _time);
        await person.EnrolAsync();
        var answered = await ChallengeAsync(person);
        using var right = await AnswerAsync(answered, "code", person.NextCode());
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);

        var old = await ChallengeAsync(person);
        _time.Leap(TimeSpan.FromMinutes(5));
        foreach (var challenge in new[] { answered, old, Guid.NewGuid() })
        {
            using var refused = await AnswerAsync(challenge, "code", person.NextCode());
            Assert.Equal("challengeExpired", (await RunningIdentity.JsonAsync(refused, HttpStatusCode.Unauthorized))["code"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Turning_it_off_takes_the_password_and_a_code()
    {
        var person = await Person.SignedInAsync(_identity, _time);
        await person.EnrolAsync();
        await person.SignInAsync();

        Assert.Equal("wrongPassword", await person.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Delete, "/api/v1/account/two-factor", new JsonObject { ["password"] = "not the password", ["code"] = person.NextCode() }));
        Assert.Equal("badCode", await person.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Delete, "/api/v1/account/two-factor", new JsonObject { ["password"] = RunningIdentity.Password, ["code"] = "000000" }));
        using var off = await person.SendAsync(HttpMethod.Delete, "/api/v1/account/two-factor", new JsonObject { ["password"] = RunningIdentity.Password, ["code"] = person.RecoveryCodes[0] });
        Assert.Equal(HttpStatusCode.NoContent, off.StatusCode);
        Assert.Equal("signedIn", await person.SignInAsync());
    }

    [Fact]
    public async Task New_recovery_codes_take_a_fresh_sign_in_and_end_the_old_ones()
    {
        var person = await Person.SignedInAsync(_identity, _time);
        await person.EnrolAsync();
        await person.SignInAsync();
        var renewed = await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/account/two-factor/recovery-codes");

        Assert.Equal(10, renewed["recoveryCodes"]!.AsArray().Count);
        using var old = await AnswerAsync(await ChallengeAsync(person), "recoveryCode", person.RecoveryCodes[0]);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);

        _time.Leap(StepUp.Freshness + TimeSpan.FromSeconds(1));
        Assert.Equal("stepUpRequired", await person.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Post, "/api/v1/account/two-factor/recovery-codes"));
    }

    [Fact]
    public async Task The_shop_surface_sets_up_verifies_and_logs_in_with_a_code_at_once()
    {
        var person = await Person.RegisterAsync(_identity, _time);
        var login = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/login", RunningIdentity.Credentials(person.Email));
        var token = login["token"]!.GetValue<string>();
        var setup = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/2fa/setup", null, token);
        var secret = Base32.Decode(setup["secret"]!.GetValue<string>())!;
        var step = Totp.StepAt(_time.GetUtcNow());
        await _identity.JsonAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "/api/v1/users/2fa/verify", new JsonObject { ["code"] = "12345" }, token);
        await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/2fa/verify", new JsonObject { ["code"] = Totp.Code(secret, step) }, token);

        var asked = await _identity.JsonAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "/api/v1/users/login", RunningIdentity.Credentials(person.Email));
        Assert.True(asked["twoFactorRequired"]!.GetValue<bool>());
        var credentials = RunningIdentity.Credentials(person.Email);
        credentials["totpCode"] = Totp.Code(secret, step + 1);
        var done = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/login", credentials);
        Assert.Equal(86_400, done["expiresIn"]!.GetValue<int>());
    }

    [Fact]
    public async Task An_administrator_without_a_second_factor_may_only_set_one_up()
    {
        var person = await Person.RegisterAsync(_identity, _time);
        await _identity.Database.ExecuteAsync($"update users set role = 'admin', security_version = security_version + 1 where id = '{person.Id}'");

        Assert.Equal("enrolTwoFactor", await person.SignInAsync());
        foreach (var path in new[] { "/api/v1/account", "/api/v1/admin/users", "/api/v1/account/export", "/api/v1/account/api-keys" })
        {
            Assert.Equal("missingScope", await person.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, path));
        }

        var enrol = (await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/login", RunningIdentity.Credentials(person.Email)))["token"]!.GetValue<string>();
        Assert.Equal(("identity", "identity.twoFactor:enrol"), (Flow.Claims(enrol)["aud"]!.GetValue<string>(), Flow.Claims(enrol)["scope"]!.GetValue<string>()));

        // The session that showed both factors goes on, and the one that showed the password only has ended.
        await person.EnrolAsync();
        await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/admin/users");
        using var ended = await _identity.SendAsync(HttpMethod.Post, "/api/v1/users/2fa/setup", null, enrol);
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        Assert.Equal("signedIn", await person.SignInAsync());
        Assert.Equal("twoFactorMandatory", await person.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "/api/v1/account/two-factor", new JsonObject { ["password"] = RunningIdentity.Password, ["code"] = person.RecoveryCodes[0] }));
    }

    [Fact]
    public async Task Secrets_are_sealed_and_codes_are_hashed_in_the_database()
    {
        var person = await Person.SignedInAsync(_identity, _time);
        await person.EnrolAsync();

        Assert.Equal("False", await _identity.Database.TextAsync($"select position('\\x{Convert.ToHexString(person.Secret!)}'::bytea in secret_sealed) > 0 from two_factor where user_id = '{person.Id}'"));
        Assert.Equal("32", await _identity.Database.TextAsync($"select max(length(code_hash)) from recovery_codes where user_id = '{person.Id}'"));
    }
}
