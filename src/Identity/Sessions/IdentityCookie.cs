using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Slipway.Identity.Secrets;

namespace Slipway.Identity.Sessions;

/// <summary>
/// The cookie of a browser that is signed in at this service. Its value is random and only its hash is stored; the token that pages
/// send along with changes is derived from it, so it needs no place of its own.
/// </summary>
internal sealed class IdentityCookie
{
    public const string CsrfHeader = "X-Csrf-Token";

    private readonly byte[][] _keys;
    private readonly bool _secure;

    public IdentityCookie(Uri publicAddress, Seal seal)
    {
        _keys = seal.KeysFor("cross-site tokens");

        // Browsers take secure cookies from names under .localhost without TLS, and from no other plain address.
        _secure = publicAddress.Scheme == Uri.UriSchemeHttps || publicAddress.Host == "localhost" || publicAddress.Host.EndsWith(".localhost", StringComparison.Ordinal);
        Name = _secure ? "__Host-identity" : "identity";
        Origin = publicAddress.GetLeftPart(UriPartial.Authority);
    }

    public string Name { get; }

    /// <summary>What a browser sends as <c>Origin</c> from our own pages.</summary>
    public string Origin { get; }

    public string? Read(HttpRequest request) => request.Cookies[Name] is { } value && Opaque.IsWellFormed(value) ? value : null;

    public void Write(HttpResponse response, string value, TimeSpan lifetime) => response.Cookies.Append(Name, value, Options(lifetime));

    public void Clear(HttpResponse response) => response.Cookies.Delete(Name, Options(null));

    public string CsrfToken(string value) => CsrfToken(_keys[0], value);

    /// <summary>A change by cookie must come from our own pages: only they can read the token, and browsers name the origin themselves.</summary>
    public bool IsOurs(HttpRequest request, string value) =>
        request.Headers.Origin.ToString() == Origin
        && Array.Exists(_keys, key => CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(request.Headers[CsrfHeader].ToString()), Encoding.ASCII.GetBytes(CsrfToken(key, value))));

    private static string CsrfToken(byte[] key, string value) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(value)));

    private CookieOptions Options(TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        Secure = _secure,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = lifetime,
    };
}
