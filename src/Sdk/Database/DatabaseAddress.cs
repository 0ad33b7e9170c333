using System.Globalization;
using Npgsql;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Database;

/// <summary>
/// Reads <c>postgres://user:password@host:5432/database</c>. A server that listens on a unix socket is written
/// <c>postgres://user:password@localhost/database?host=/run/postgresql</c>.
/// </summary>
public static class DatabaseAddress
{
    private const string Form = "postgres://user:password@host:5432/database";

    public static Outcome<NpgsqlConnectionStringBuilder> Parse(string text)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("postgres" or "postgresql"))
        {
            return Malformed($"is no PostgreSQL URL; write {Form}");
        }

        var user = url.UserInfo.Split(':', 2);
        if (user[0].Length == 0)
        {
            return Malformed($"names no user; write {Form}");
        }

        var database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/'));
        if (database.Length == 0 || database.Contains('/', StringComparison.Ordinal))
        {
            return Malformed($"must name one database after the host; write {Form}");
        }

        var address = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host.Trim('[', ']'),
            Port = url.IsDefaultPort || url.Port < 0 ? 5432 : url.Port,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Database = database,
        };
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (Set(address, parts[0], parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "") is { } mistake)
            {
                return Malformed(mistake);
            }
        }

        return string.IsNullOrEmpty(address.Host) ? Malformed($"names no host; write {Form}") : address;
    }

    private static string? Set(NpgsqlConnectionStringBuilder address, string name, string value)
    {
        switch (name)
        {
            case "host" when value.Length > 0:
                address.Host = value;
                return null;
            case "port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536:
                address.Port = port;
                return null;
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode) && Enum.IsDefined(mode):
                address.SslMode = mode;
                return null;
            case "sslmode":
                return $"has sslmode={value}; use disable, allow, prefer, require, verify-ca or verify-full";
            case "sslrootcert":
                address.RootCertificate = value;
                return null;
            default:
                return $"has the parameter \"{name}\" with a value that is not known; host, port, sslmode and sslrootcert are";
        }
    }

    private static Problem Malformed(string message) => new(500, "databaseUrl", "The service is not set up", $"DATABASE_URL {message}.");
}
