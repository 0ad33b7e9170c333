using System.Globalization;
using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Store.Postgres;

/// <summary>Reads <c>postgres://user:password@host:port/database?sslmode=require</c>, the form every other tool uses.</summary>
internal static class DatabaseUrl
{
    private const string Form = "postgres://user:password@host:5432/database";

    public static Outcome<NpgsqlConnectionStringBuilder> Parse(string text)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("postgres" or "postgresql"))
        {
            return Malformed($"is no PostgreSQL URL; write {Form}");
        }

        if (url.Host.Length == 0)
        {
            return Malformed($"names no host; write {Form}");
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

        var builder = new NpgsqlConnectionStringBuilder
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
            if (Set(builder, parts[0], parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "") is { } failure)
            {
                return failure;
            }
        }

        return builder;
    }

    /// <summary>How messages name the server: never with its password.</summary>
    public static string Name(NpgsqlConnectionStringBuilder address) =>
        string.Create(CultureInfo.InvariantCulture, $"the PostgreSQL at {address.Host}:{address.Port}");

    private static Failure? Set(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        switch (name)
        {
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode) && Enum.IsDefined(mode):
                builder.SslMode = mode;
                return null;
            case "sslmode":
                return Malformed($"has sslmode={value}; use disable, allow, prefer, require, verify-ca or verify-full");
            case "sslrootcert":
                builder.RootCertificate = value;
                return null;
            default:
                return Malformed($"has the parameter \"{name}\", which is not known; sslmode and sslrootcert are");
        }
    }

    private static Failure Malformed(string message) =>
        new(FailureKind.Malformed, "database-url", $"SLIPWAY_DATABASE {message}.") { Findings = [new Finding("FieldValueInvalid", message, "SLIPWAY_DATABASE")] };
}
