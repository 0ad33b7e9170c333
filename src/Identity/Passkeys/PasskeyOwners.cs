using Microsoft.AspNetCore.Identity;
using Slipway.Identity.Accounts;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Passkeys;

/// <summary>An account as the framework's passkey handler sees it.</summary>
internal sealed record PasskeyOwner(Account Account);

/// <summary>
/// What the framework's handler reads while it checks an answer. It only ever looks: what it finds out is written by this service,
/// in a transaction together with everything else that belongs to it.
/// </summary>
internal sealed class PasskeyOwners(Database database, AccountStore accounts) : IUserPasskeyStore<PasskeyOwner>
{
    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken) =>
        await database.ReadAsync((connection, c) => PasskeyRows.OfAsync(connection, user.Account.Id, c), cancellationToken);

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await GetPasskeysAsync(user, cancellationToken)).FirstOrDefault(passkey => passkey.CredentialId.AsSpan().SequenceEqual(credentialId));

    public async Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await database.ReadAsync((connection, c) => PasskeyRows.OwnerAsync(connection, credentialId, c), cancellationToken) is { } id ? await FindAsync(id, cancellationToken) : null;

    public async Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) ? await FindAsync(id, cancellationToken) : null;

    public async Task<PasskeyOwner?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        await accounts.FindByEmailAsync(EmailAddress.Normalise(normalizedUserName), cancellationToken) is { } account ? new PasskeyOwner(account) : null;

    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Account.Id.ToString());

    public Task<string?> GetUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Account.EmailTyped);

    public Task<string?> GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Account.Email);

    public Task AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw Writing();

    public Task RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => throw Writing();

    public Task<IdentityResult> CreateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Writing();

    public Task<IdentityResult> DeleteAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Writing();

    public Task<IdentityResult> UpdateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Writing();

    public Task SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken cancellationToken) => throw Writing();

    public Task SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken cancellationToken) => throw Writing();

    public void Dispose()
    {
    }

    private async Task<PasskeyOwner?> FindAsync(Guid id, CancellationToken cancellation) =>
        await accounts.FindAsync(id, cancellation) is { } account ? new PasskeyOwner(account) : null;

    private static NotSupportedException Writing() => new("The framework's handler reads accounts; it never writes them.");
}
