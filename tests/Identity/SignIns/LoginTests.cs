using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.SignIns;

public sealed class LoginTests(SharedIdentity shared) : IClassFixture<SharedIdentity>
{
    private readonly RunningIdentity _identity = shared.Identity;

    [Fact]
    public async Task Somebody_registers_signs_in_and_is_known()
    {
        var email = RunningIdentity.NewEmail();
        var registered = await _identity.RegisterAsync(email);
        var signedIn = await _identity.SignInAsync(email);
        Assert.Equal(3600, signedIn["expiresIn"]!.GetValue<int>());

        var me = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/auth/me", bearer: signedIn["token"]!.GetValue<string>());
        Assert.Equal(email, me["email"]!.GetValue<string>());
        Assert.Equal(registered["user"]!["id"]!.GetValue<string>(), me["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_address_may_be_typed_in_any_case_and_is_shown_as_registered()
    {
        var email = RunningIdentity.NewEmail("Grace");
        await _identity.RegisterAsync(email);
        var signedIn = await _identity.SignInAsync($"  {email.ToUpperInvariant()} ");
        Assert.Equal(email, signedIn["user"]!["email"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_token_carries_the_documented_claims()
    {
        var email = RunningIdentity.NewEmail();
        var registered = await _identity.JsonAsync(
            HttpStatusCode.Created,
            HttpMethod.Post,
            "/auth/register",
            new JsonObject { ["email"] = email, ["password"] = RunningIdentity.Password, ["username"] = "ada.claims", ["firstName"] = "Ada", ["lastName"] = "Lovelace" });
        var token = Jwt.Read(registered["token"]!.GetValue<string>());

        Assert.Equal("ES256", token.Header["alg"]!.GetValue<string>());
        Assert.Equal("http://identity.localhost:8080", token.Claims["iss"]!.GetValue<string>());
        Assert.Equal(["todo", "identity"], token.Claims["aud"]!.AsArray().Select(audience => audience!.GetValue<string>()));
        Assert.Equal(registered["user"]!["id"]!.GetValue<string>(), token.Claims["sub"]!.GetValue<string>());
        Assert.Equal(email, token.Claims["email"]!.GetValue<string>());
        Assert.Equal("ada.claims", token.Claims["username"]!.GetValue<string>());
        Assert.Equal("Ada Lovelace", token.Claims["name"]!.GetValue<string>());
        Assert.Equal(3600, token.Claims["exp"]!.GetValue<long>() - token.Claims["iat"]!.GetValue<long>());
        Assert.Contains("todo.todos:write", token.Claims["scope"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_of_the_retail_surface_live_exactly_a_day()
    {
        var email = RunningIdentity.NewEmail();
        var body = RunningIdentity.Credentials(email);
        body["gdprConsent"] = true;
        var registered = await _identity.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/api/v1/users/register", body);
        var signedIn = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/users/login", RunningIdentity.Credentials(email));
        var token = Jwt.Read(signedIn["token"]!.GetValue<string>());

        Assert.Equal(86_400, signedIn["expiresIn"]!.GetValue<int>());
        Assert.Equal(86_400, token.Claims["exp"]!.GetValue<long>() - token.Claims["iat"]!.GetValue<long>());
        Assert.Equal("customer", token.Claims["role"]!.GetValue<string>());
        Assert.Equal(registered["user"]!["id"]!.GetValue<string>(), token.Claims["userId"]!.GetValue<string>());
        Assert.True(Guid.TryParse(token.Claims["userId"]!.GetValue<string>(), out _));
    }

    [Fact]
    public async Task Retail_registers_nobody_without_consent_and_keeps_what_was_agreed_to()
    {
        var email = RunningIdentity.NewEmail();
        var body = RunningIdentity.Credentials(email);
        var refused = await _identity.JsonAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/v1/users/register", body);
        Assert.Equal("consentRequired", refused["code"]!.GetValue<string>());

        body["gdprConsent"] = true;
        body["consentVersion"] = "2.1";
        await _identity.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/api/v1/users/register", body);
        Assert.Equal(
            "true|false|2.1|true",
            await _identity.Database.TextAsync($"select gdpr_consent || '|' || marketing_consent || '|' || consent_version || '|' || (consent_date is not null) from users where email = '{email}'"));
    }

    [Fact]
    public async Task An_address_or_user_name_can_be_taken_once()
    {
        var email = RunningIdentity.NewEmail();
        var body = RunningIdentity.Credentials(email);
        body["username"] = "taken.once";
        await _identity.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/auth/register", body);

        var again = await _identity.JsonAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/auth/register", RunningIdentity.Credentials(email.ToUpperInvariant()));
        Assert.Equal("emailTaken", again["code"]!.GetValue<string>());
        var other = RunningIdentity.Credentials(RunningIdentity.NewEmail());
        other["username"] = "Taken.Once";
        var name = await _identity.JsonAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/auth/register", other);
        Assert.Equal("usernameTaken", name["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Everything_wrong_with_a_registration_is_told_at_once_with_its_place()
    {
        var body = new JsonObject { ["email"] = "no address", ["password"] = "short", ["username"] = "-x", ["firstName"] = new string('x', 101) };
        var problem = await _identity.JsonAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "/auth/register", body);
        Assert.Equal(
            ["/email", "/firstName", "/password", "/username"],
            problem["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()).Order());
    }

    [Fact]
    public async Task Fields_nobody_asked_for_are_refused()
    {
        var body = RunningIdentity.Credentials(RunningIdentity.NewEmail());
        body["role"] = "admin";
        var problem = await _identity.JsonAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "/auth/register", body);
        Assert.Equal("/role", problem["errors"]![0]!["pointer"]!.GetValue<string>());
    }

    [Fact]
    public async Task Sign_ins_are_noted_without_being_waited_for()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        await _identity.SignInAsync(email);
        await _identity.SignInAsync(email);

        await Eventually.HoldsAsync(
            "three sign-ins are noted",
            async () => await _identity.Database.TextAsync($"select login_count from users where email = '{email}'") == "3");
        Assert.Equal("3", await _identity.Database.TextAsync($"select count(*) from login_events join users on users.id = user_id where email = '{email}'"));
        Assert.Equal("True", await _identity.Database.TextAsync($"select last_login_at is not null from users where email = '{email}'"));
    }

    [Fact]
    public async Task What_was_noted_is_written_before_the_service_stops()
    {
        var email = RunningIdentity.NewEmail();
        await using (var leaving = await _identity.AnotherAsync())
        {
            await leaving.RegisterAsync(email);
            for (var number = 0; number < 9; number++)
            {
                await leaving.SignInAsync(email);
            }
        }

        Assert.Equal("10", await _identity.Database.TextAsync($"select login_count from users where email = '{email}'"));
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in_at_once()
    {
        var email = RunningIdentity.NewEmail();
        var signedIn = await _identity.RegisterAsync(email);
        var token = signedIn["token"]!.GetValue<string>();
        (await _identity.SendAsync(HttpMethod.Get, "/auth/verify", bearer: token)).EnsureSuccessStatusCode();

        using var left = await _identity.SendAsync(HttpMethod.Post, "/auth/logout", bearer: token);

        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        await _identity.JsonAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/auth/verify", bearer: token);
        await _identity.JsonAsync(
            HttpStatusCode.Unauthorized, HttpMethod.Post, "/auth/refresh", new JsonObject { ["refreshToken"] = signedIn["refreshToken"]!.GetValue<string>() });
    }

    [Fact]
    public async Task The_shop_has_dearer_hashes_and_nothing_makes_them_cheaper_again()
    {
        Assert.SkipUnless(Slipway.Identity.Passwords.LibCrypt.IsPresent, "libcrypt is not installed on this machine");
        await using var shop = await _identity.AnotherAsync(null, ("RETAIL_BCRYPT_ROUNDS", "6"));
        var email = RunningIdentity.NewEmail();
        await shop.RegisterAsync(email);
        Assert.StartsWith("$2b$04$", await HashAsync(email), StringComparison.Ordinal);

        await using var fresh = await _identity.AnotherAsync(null, ("RETAIL_BCRYPT_ROUNDS", "6"));
        var shopping = await fresh.JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/users/login", RunningIdentity.Credentials(email));
        Assert.StartsWith("$2b$06$", await HashAsync(email), StringComparison.Ordinal);

        await _identity.SignInAsync(email);
        Assert.StartsWith("$2b$06$", await HashAsync(email), StringComparison.Ordinal);

        var change = new JsonObject { ["currentPassword"] = RunningIdentity.Password, ["newPassword"] = "another horse battery" };
        await _identity.JsonAsync(HttpStatusCode.NoContent, HttpMethod.Put, "/auth/password", change, shopping["token"]!.GetValue<string>());
        Assert.StartsWith("$2b$06$", await HashAsync(email), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_registers_at_the_shop_has_a_dearer_hash_at_once()
    {
        Assert.SkipUnless(Slipway.Identity.Passwords.LibCrypt.IsPresent, "libcrypt is not installed on this machine");
        await using var shop = await _identity.AnotherAsync(null, ("RETAIL_BCRYPT_ROUNDS", "5"));
        var email = RunningIdentity.NewEmail();
        var body = RunningIdentity.Credentials(email);
        (body["firstName"], body["lastName"], body["gdprConsent"]) = ("Ada", "King", true);

        var registered = await shop.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/api/v1/users/register", body);

        Assert.StartsWith("$2b$05$", await HashAsync(email), StringComparison.Ordinal);
        var scope = Jwt.Read(registered["token"]!.GetValue<string>()).Claims["scope"]!.GetValue<string>().Split(' ');
        Assert.Superset(new HashSet<string> { "retail.inventory:read", "retail.inventory:write", "retail.carts:read", "retail.carts:write" }, scope.ToHashSet());
    }

    [Theory]
    [InlineData(null, "false")]
    [InlineData(false, "false")]
    [InlineData(true, "true")]
    public async Task Consent_is_recorded_when_it_was_given_and_not_otherwise(bool? given, string recorded)
    {
        var email = RunningIdentity.NewEmail();
        var body = RunningIdentity.Credentials(email);
        if (given is not null)
        {
            body["gdprConsent"] = given;
        }

        await _identity.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/auth/register", body);

        Assert.Equal(recorded, await _identity.Database.TextAsync($"select gdpr_consent::text from users where email = '{email}'"));
        Assert.Equal(recorded, await _identity.Database.TextAsync($"select (consent_version is not null)::text from users where email = '{email}'"));
    }

    [Fact]
    public async Task The_address_without_a_version_says_that_it_will_go()
    {
        using var answer = await _identity.SendAsync(HttpMethod.Post, "/api/users/login", RunningIdentity.Credentials(RunningIdentity.NewEmail()));

        Assert.Contains("</api/v1/users/login>; rel=\"successor-version\"", string.Join(", ", answer.Headers.GetValues("Link")), StringComparison.Ordinal);
    }

    private Task<string> HashAsync(string email) => _identity.Database.TextAsync($"select password from users where email = '{email}'");

    [Fact]
    public async Task A_hash_of_another_cost_is_renewed_when_its_password_is_shown()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        await using var other = await _identity.AnotherAsync(null, ("BCRYPT_ROUNDS", "5"));
        await other.SignInAsync(email);

        var stored = await _identity.Database.TextAsync($"select password from users where email = '{email}'");
        Assert.StartsWith(Slipway.Identity.Passwords.LibCrypt.IsPresent ? "$2b$05$" : "$pbkdf2", stored, StringComparison.Ordinal);
        await other.SignInAsync(email);
    }

    [Fact]
    public async Task Many_sign_ins_at_once_all_succeed()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        var signIns = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _identity.SignInAsync(email)));
        Assert.Equal(40, signIns.Select(signIn => signIn["refreshToken"]!.GetValue<string>()).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"email":"a@b.c"}""", 422)]
    [InlineData("""{"email":5,"password":"x"}""", 422)]
    [InlineData("""[]""", 422)]
    [InlineData("""{"email":"a@b.c","password":"x"}{""", 400)]
    [InlineData("""{"email":"a@b.c","password":"x","password":"y"}""", 400)]
    [InlineData("\u0000", 400)]
    [InlineData("", 400)]
    public async Task A_body_that_is_not_a_sign_in_is_refused_with_its_mistake(string body, int status)
    {
        using var response = await _identity.SendAsync(HttpMethod.Post, "/auth/login", body);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }
}
