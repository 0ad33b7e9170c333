namespace Slipway.Identity.Accounts;

/// <summary>An account as its owner sees it.</summary>
internal sealed record AccountView(
    Guid Id,
    string Email,
    bool EmailVerified,
    string? Username,
    string? FirstName,
    string? LastName,
    string? Name,
    string Role,
    string Locale,
    bool TwoFactorEnabled,
    DateTimeOffset? LastLoginAt,
    long LoginCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long Version)
{
    public static AccountView Of(Account account) => new(
        account.Id,
        account.EmailTyped,
        account.EmailVerified,
        account.Username,
        account.FirstName,
        account.LastName,
        account.Name,
        account.Role,
        account.Locale,
        account.TwoFactorEnabled,
        account.LastLoginAt,
        account.LoginCount,
        account.CreatedAt,
        account.UpdatedAt,
        account.Version);
}
