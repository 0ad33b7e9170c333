using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Telemetry.Doors;

/// <summary>
/// Who may ask: whoever has the installation's admin token, as a bearer or as the password of any user, since Prometheus
/// and Grafana can do either.
/// </summary>
internal sealed class TokenGate(string token, bool open)
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    private readonly byte[] _digest = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        // What is open is reading: silences are made, and samples pushed, by whoever has the token.
        if ((open && IsReading(http.Request)) || Fits(Secret(http.Request.Headers.Authorization.ToString())))
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"slipway\", charset=\"UTF-8\"";
        await TelemetryProblems.WriteAsync(
            http, "unauthenticated", "Send the installation's admin token, which is in the file admin-token of its state folder: as \"Authorization: Bearer …\", or as the password of any user.").ConfigureAwait(false);
    }

    private static bool IsReading(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
        // Long expressions are asked with POST.
        || (HttpMethods.IsPost(request.Method) && (request.Path.StartsWithSegments("/api/v1") || request.Path.StartsWithSegments("/loki/api/v1")) && !request.Path.Value!.EndsWith("/push", StringComparison.Ordinal));

    private static string Secret(string header)
    {
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return header[Bearer.Length..].Trim();
        }

        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return "";
        }

        var decoded = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), decoded, out var length))
        {
            return "";
        }

        var pair = Encoding.UTF8.GetString(decoded, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? "" : pair[(colon + 1)..];
    }

    /// <summary>Digests have one length, so neither content nor length of the token shows in the time this takes.</summary>
    private bool Fits(string secret) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), _digest);
}
