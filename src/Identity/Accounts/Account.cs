using Slipway.Identity.Tokens;

namespace Slipway.Identity.Accounts;

/// <summary>A person's account as the rest of the service sees it. The password's hash is not part of it on purpose.</summary>
public sealed record Account
{
    public required Guid Id { get; init; }

    /// <summary>Normalised: trimmed and in lower case. The one for comparing.</summary>
    public required string Email { get; init; }

    /// <summary>As the person typed it. The one for mail and for showing.</summary>
    public required string EmailTyped { get; init; }

    public bool EmailVerified { get; init; }

    public string? Username { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string Role { get; init; } = Roles.Customer;

    public string Locale { get; init; } = "en";

    public bool IsActive { get; init; } = true;

    public bool TwoFactorEnabled { get; init; }

    /// <summary>Counts up whenever something changes that ends trust: password, activity, role, second factor.</summary>
    public long SecurityVersion { get; init; }

    /// <summary>Counts up with every change; the resource's <c>ETag</c>.</summary>
    public long Version { get; init; } = 1;

    public DateTimeOffset? LockedUntil { get; init; }

    public DateTimeOffset? LastLoginAt { get; init; }

    public long LoginCount { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public string? Name => (FirstName, LastName) switch
    {
        (null or "", null or "") => null,
        (var first, null or "") => first,
        (null or "", var last) => last,
        _ => $"{FirstName} {LastName}",
    };

    public TokenSubject ToSubject() => new(Id, EmailTyped, EmailVerified, Username, Name, Role);
}

/// <summary>The roles an account can have; a namespace's roles are kept apart from them.</summary>
public static class Roles
{
    public const string Customer = "customer";
    public const string Vendor = "vendor";
    public const string Admin = "admin";

    public static readonly IReadOnlySet<string> All = new HashSet<string>(StringComparer.Ordinal) { Customer, Vendor, Admin };
}
