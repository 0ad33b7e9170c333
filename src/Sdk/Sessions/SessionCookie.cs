using Microsoft.AspNetCore.Http;

namespace Slipway.Sdk.Sessions;

/// <summary>
/// The session's cookie. <c>__Host-</c> ties it to this very host; browsers accept that over clear text only below .localhost,
/// so elsewhere without TLS it has a plain name.
/// </summary>
internal sealed class SessionCookie(Uri publicAddress)
{
    private const string SignInPrefix = "sign-in-";

    private readonly bool _secure = publicAddress.Scheme == Uri.UriSchemeHttps
        || publicAddress.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || publicAddress.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    public string Name => Prefix + "session";

    private string Prefix => _secure ? "__Host-" : "";

    /// <summary>The cookie of one sign-in on its way; several tabs may be signing in at once.</summary>
    public string SignInName(string state) => Prefix + SignInPrefix + state[..Math.Min(8, state.Length)];

    public string? Read(HttpRequest request) => request.Cookies[Name] is { Length: > 0 and <= 256 } value ? value : null;

    public void Write(HttpResponse response, string name, string value, TimeSpan age) => response.Cookies.Append(name, value, Options(age));

    public void Clear(HttpResponse response, string name) => response.Cookies.Delete(name, Options(null));

    /// <summary>Sign-ins that were begun and never finished.</summary>
    public IEnumerable<string> SignIns(HttpRequest request) => request.Cookies.Keys.Where(name => name.StartsWith(Prefix + SignInPrefix, StringComparison.Ordinal));

    private CookieOptions Options(TimeSpan? age) => new()
    {
        HttpOnly = true,
        Secure = _secure,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = age,
        IsEssential = true,
    };
}
