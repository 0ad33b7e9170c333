using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Slipway.Identity.Tests.OAuth;

/// <summary>Whatever is sent to the public endpoints, the answer is a refusal that says so: never a 5xx, never a redirect elsewhere.</summary>
public sealed class HostileParameterTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private static readonly string[] s_nasty = ["\0", "\r\nX: y", "'; drop table users; --", "../../x", "%00", "\ud800", "＜script＞", "javascript:alert(1)", "{}", "[]", "null", "-1", "\u202e", "𝔘"];

    private readonly RunningIdentity _identity = world.Identity;

    private static string Hostile(string? text, int which) => (which % 3) switch
    {
        0 => s_nasty[which % s_nasty.Length] + text,
        1 => text + new string('a', which % 3_000),
        _ => text ?? "",
    };

    private static string Escape(string text) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(value => char.IsAsciiLetterOrDigit((char)value) ? ((char)value).ToString() : $"%{value:X2}"));

    private static void ForAll(Func<NonNegativeInt, string?, Task> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150).WithQuietOnSuccess(true), Prop.ForAll<NonNegativeInt, string?>((which, text) => holds(which, text).GetAwaiter().GetResult()));

    [Fact]
    public void The_authorisation_endpoint_never_sends_anybody_where_no_client_registered() => ForAll(async (which, text) =>
    {
        var query = new Flow(_identity).Query;
        var names = query.Keys.Concat(["prompt", "max_age", "resource", "response_mode", "login_hint"]).ToArray();
        var name = names[which.Get % names.Length];
        query[name] = Hostile(text, which.Get);
        var address = "/oauth2/authorize?" + string.Join('&', query.Select(pair => $"{pair.Key}={Escape(pair.Value!)}"));
        if (which.Get % 5 == 0)
        {
            address += $"&{name}=again";
        }

        using var response = await _identity.SendAsync(HttpMethod.Get, address);
        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Redirect, HttpStatusCode.BadRequest]);
        if (response.Headers.Location is { } location)
        {
            var text2 = location.ToString();
            Assert.True(
                text2.StartsWith(Flow.Redirect + "?", StringComparison.Ordinal) || text2.StartsWith("/sign-in?", StringComparison.Ordinal) || text2.StartsWith("/register?", StringComparison.Ordinal), text2);
            Assert.False(response.Headers.Contains("X"));
        }
    });

    [Fact]
    public void The_token_endpoint_answers_a_plain_refusal() => ForAll(async (which, text) =>
    {
        var names = new[] { "grant_type", "client_id", "client_secret", "code", "code_verifier", "redirect_uri", "refresh_token", "scope", "resource" };
        var form = new Dictionary<string, string> { ["grant_type"] = which.Get % 2 == 0 ? "authorization_code" : "refresh_token", ["client_id"] = "shop", ["code"] = new string('c', 43), ["refresh_token"] = new string('r', 43) };
        form[names[which.Get % names.Length]] = Hostile(text, which.Get);
        using var content = new StringContent(string.Join('&', form.Select(pair => $"{pair.Key}={Escape(pair.Value)}")), Encoding.ASCII, "application/x-www-form-urlencoded");
        using var response = await _identity.Client.PostAsync("/oauth2/token", content);

        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized]);
        var body = await response.Content.ReadAsStringAsync();
        Assert.StartsWith("{\"error\":\"", body, StringComparison.Ordinal);
    });

    [Fact]
    public void Any_body_at_the_token_endpoint_is_read_or_refused() => ForAll(async (which, text) =>
    {
        using var content = new StringContent(Hostile(text, which.Get), Encoding.UTF8, which.Get % 2 == 0 ? "application/x-www-form-urlencoded" : "application/json");
        using var response = await _identity.Client.PostAsync(which.Get % 3 == 0 ? "/oauth2/revoke" : "/oauth2/token", content);
        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized]);
    });

    [Fact]
    public async Task A_form_that_is_too_large_is_refused()
    {
        using var content = new StringContent("grant_type=" + new string('a', 17_000), Encoding.ASCII, "application/x-www-form-urlencoded");
        using var response = await _identity.Client.PostAsync("/oauth2/token", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
