namespace Retail.Cart;

/// <summary>
/// Where the database is: as one address, or as the four parts of the documented secret with port 5432. Pure, but for reading what it is given.
/// </summary>
internal static class DatabaseSecret
{
    public static string? Url(Func<string, string?> environment)
    {
        if (Read("DATABASE_URL") is { } url)
        {
            return url;
        }

        return (Read("DATABASE_USERNAME"), Read("DATABASE_PASSWORD"), Read("DATABASE_HOST"), Read("DATABASE_NAME")) is ({ } user, { } password, { } host, { } name)
            ? $"postgres://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@{host}:{Read("DATABASE_PORT") ?? "5432"}/{Uri.EscapeDataString(name)}"
            : null;

        string? Read(string name) => environment(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
    }
}
