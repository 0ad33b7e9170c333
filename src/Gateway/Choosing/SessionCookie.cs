using System.Globalization;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Choosing;

/// <summary>
/// Keeps a client where it was. The cookie holds a point on the line of percentages, so that a changed split moves only
/// the clients whose part of the line changed hands, and the fingerprint of the instance met last.
/// </summary>
internal static class SessionCookie
{
    public const string Name = "slipway-session";
    public const int Points = 10_000;
    private const int LifetimeSeconds = 30 * 24 * 3600;

    public static (int Point, ulong Instance)? Read(string? cookies)
    {
        if (cookies is null)
        {
            return null;
        }

        foreach (var part in cookies.Split(';', StringSplitOptions.TrimEntries))
        {
            if (!part.StartsWith(Name + "=", StringComparison.Ordinal))
            {
                continue;
            }

            // Repeated Cookie fields are joined with commas in HTTP/1.1 views; the value itself never holds one.
            var value = part.AsSpan(Name.Length + 1);
            var comma = value.IndexOf(',');
            value = comma < 0 ? value : value[..comma];
            if (value.Length == 21 && value[4] == '-'
                && int.TryParse(value[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) && point < Points
                && ulong.TryParse(value[5..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var instance))
            {
                return (point, instance);
            }
        }

        return null;
    }

    /// <summary>The header line, preceded by CRLF.</summary>
    public static string Field(int point, ulong instance, bool secure) =>
        $"\r\nSet-Cookie: {Name}={point:x4}-{instance:x16}; Path=/; Max-Age={LifetimeSeconds}; HttpOnly; SameSite=Lax{(secure ? "; Secure" : "")}";

    public static RevisionShare Choose(ServiceRoute service, int point) => service.At((int)((long)point * service.PercentTotal / Points));
}
