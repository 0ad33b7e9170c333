using System.Net;
using System.Text.Json.Nodes;
using Slipway.Identity.TwoFactor;

namespace Slipway.Identity.Tests;

/// <summary>Somebody with an account and a browser of their own, talking to the service as its pages do.</summary>
internal sealed class Person
{
    public const string Origin = "http://identity.localhost:8080";

    private readonly RunningIdentity _identity;
    private readonly TimeProvider _time;
    private string? _cookie;

    private Person(RunningIdentity identity, TimeProvider time, string email, Guid id) => (_identity, _time, Email, Id) = (identity, time, email, id);

    public string Email { get; }

    public Guid Id { get; }

    public string? Csrf { get; private set; }

    public byte[]? Secret { get; private set; }

    public IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    /// <summary>The step of the last code shown, since each works once.</summary>
    private long _step;

    public static async Task<Person> RegisterAsync(RunningIdentity identity, TimeProvider? time = null, string name = "ada")
    {
        var email = RunningIdentity.NewEmail(name);
        var registered = await identity.RegisterAsync(email);
        return new Person(identity, time ?? TimeProvider.System, email, Guid.Parse(registered["user"]!["id"]!.GetValue<string>()));
    }

    /// <summary>The same browser at another instance.</summary>
    public Person At(RunningIdentity instance) => new(instance, _time, Email, Id) { _cookie = _cookie, Csrf = Csrf };

    /// <summary>Registered and signed in at the service's own pages.</summary>
    public static async Task<Person> SignedInAsync(RunningIdentity identity, TimeProvider? time = null, string name = "ada")
    {
        var person = await RegisterAsync(identity, time, name);
        Assert.Equal("signedIn", await person.SignInAsync());
        return person;
    }

    /// <summary>An administrator with a second factor, made one through the database as the first of an installation is.</summary>
    public static async Task<Person> AdminAsync(RunningIdentity identity, TimeProvider? time = null)
    {
        var person = await RegisterAsync(identity, time, "admin");
        await identity.Database.ExecuteAsync($"update users set role = 'admin', security_version = security_version + 1 where id = '{person.Id}'");
        Assert.Equal("enrolTwoFactor", await person.SignInAsync());
        await person.EnrolAsync();
        Assert.Equal("signedIn", await person.SignInAsync());
        return person;
    }

    /// <summary>Answers the state of the sign-in; a second factor is shown if it is asked for and known.</summary>
    public async Task<string> SignInAsync(string password = RunningIdentity.Password)
    {
        using var first = await _identity.SendAsync(HttpMethod.Post, "/api/v1/session", RunningIdentity.Credentials(Email, password), null, ("Origin", Origin));
        var step = await RunningIdentity.JsonAsync(first, HttpStatusCode.OK);
        if (step["state"]!.GetValue<string>() == "twoFactorRequired" && Secret is not null)
        {
            var answer = new JsonObject { ["challengeId"] = step["challengeId"]!.GetValue<string>(), ["code"] = NextCode() };
            using var second = await _identity.SendAsync(HttpMethod.Post, "/api/v1/session/two-factor", answer, null, ("Origin", Origin));
            step = await RunningIdentity.JsonAsync(second, HttpStatusCode.OK);
            Keep(second, step);
        }
        else
        {
            Keep(first, step);
        }

        return step["state"]!.GetValue<string>();
    }

    public async Task EnrolAsync()
    {
        var setup = await JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/account/two-factor");
        Secret = Base32.Decode(setup["secret"]!.GetValue<string>());
        RecoveryCodes = [.. setup["recoveryCodes"]!.AsArray().Select(code => code!.GetValue<string>())];
        await JsonAsync(HttpStatusCode.OK, HttpMethod.Post, "/api/v1/account/two-factor/confirm", new JsonObject { ["code"] = NextCode() });
    }

    /// <summary>
    /// A code not used before: of the present step, or of the one after, which are accepted for half a minute at least. A third one takes
    /// a leap in time.
    /// </summary>
    public string NextCode()
    {
        _step = Math.Max(_step + 1, Totp.StepAt(_time.GetUtcNow()));
        return Totp.Code(Secret!, _step);
    }

    public string CodeAgain() => Totp.Code(Secret!, _step);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body = null, params (string Name, string Value)[] headers)
    {
        var all = new List<(string, string)>(headers) { ("Origin", Origin) };
        if (_cookie is not null)
        {
            all.Add(("Cookie", _cookie));
        }

        if (Csrf is not null)
        {
            all.Add(("X-Csrf-Token", Csrf));
        }

        return _identity.SendAsync(method, path, body, null, [.. all]);
    }

    public async Task<JsonObject> JsonAsync(
        HttpStatusCode expected, HttpMethod method, string path, JsonNode? body = null, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(method, path, body, headers);
        return await RunningIdentity.JsonAsync(response, expected);
    }

    public async Task<string> RefusedAsync(HttpStatusCode expected, HttpMethod method, string path, JsonNode? body = null, params (string Name, string Value)[] headers) =>
        (await JsonAsync(expected, method, path, body, headers))["code"]!.GetValue<string>();

    private void Keep(HttpResponseMessage response, JsonObject step)
    {
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            _cookie = cookies.Last().Split(';')[0];
            Csrf = step["csrfToken"]?.GetValue<string>();
        }
    }
}
