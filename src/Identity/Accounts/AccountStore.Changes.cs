using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Accounts;

/// <summary>An account that is about to exist.</summary>
internal sealed record NewAccount
{
    public required Guid Id { get; init; }

    public required string EmailTyped { get; init; }

    public required string PasswordHash { get; init; }

    public bool EmailVerified { get; init; }

    public string? Username { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string Role { get; init; } = Roles.Customer;

    public string Locale { get; init; } = "en";

    public bool GdprConsent { get; init; }

    public bool MarketingConsent { get; init; }

    public string? ConsentVersion { get; init; }
}

internal sealed partial class AccountStore
{
    public static readonly Problem EmailTaken =
        Problem.Conflict("emailTaken", "The e-mail address is taken", "There is an account with this e-mail address. Sign in, or reset the password.");

    public static readonly Problem UsernameTaken =
        Problem.Conflict("usernameTaken", "The user name is taken", "Choose another user name.");

    public async Task<Outcome<Account>> AddAsync(NpgsqlTransaction transaction, NewAccount account, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var command = transaction.Command(
            $"""
            insert into users (id, email, email_typed, email_verified_at, username, password, first_name, last_name, role, locale,
                gdpr_consent, marketing_consent, consent_date, consent_version, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
            on conflict do nothing
            returning {Columns}
            """,
            account.Id,
            EmailAddress.Normalise(account.EmailTyped),
            account.EmailTyped.Trim(),
            account.EmailVerified ? now : null,
            account.Username,
            account.PasswordHash,
            account.FirstName,
            account.LastName,
            account.Role,
            account.Locale,
            account.GdprConsent,
            account.MarketingConsent,
            account.ConsentVersion is null ? null : DateOnly.FromDateTime(now.UtcDateTime),
            account.ConsentVersion,
            now);
        if (await command.OneAsync(Read, cancellation) is { } added)
        {
            return added;
        }

        await using var which = transaction.Command(
            "select 1 from users where lower(email) = lower($1)", EmailAddress.Normalise(account.EmailTyped));
        return await which.ExecuteScalarAsync(cancellation) is null ? UsernameTaken : EmailTaken;
    }

    /// <summary>
    /// A new password ends everything that trusted the old one: the security version counts up, the lock is lifted. Sessions are the
    /// caller's to end, in the same transaction.
    /// </summary>
    public async Task<Account?> ChangePasswordAsync(NpgsqlTransaction transaction, Guid id, string hash, CancellationToken cancellation)
    {
        await using var command = transaction.Command(
            $"""
            update users set password = $2, security_version = security_version + 1, version = version + 1, failed_count = 0,
                locked_until = null, updated_at = $3
            where id = $1 returning {Columns}
            """,
            id, hash, time.GetUtcNow());
        return await command.OneAsync(Read, cancellation);
    }

    /// <summary>The same password in a newer form. It ends nothing, and it yields to a change of the password made meanwhile.</summary>
    public Task RehashAsync(Guid id, string before, string after, CancellationToken cancellation) =>
        database.WriteAsync(
            async (transaction, c) =>
            {
                await using var command = transaction.Command("update users set password = $3 where id = $1 and password = $2", id, before, after);
                await command.ExecuteNonQueryAsync(c);
            },
            cancellation);

    /// <summary>Counts the security version up: remembered passwords and open sign-ins of the account no longer hold.</summary>
    public async Task<Account?> DistrustAsync(NpgsqlTransaction transaction, Guid id, CancellationToken cancellation)
    {
        await using var command = transaction.Command(
            $"update users set security_version = security_version + 1, version = version + 1, updated_at = $2 where id = $1 returning {Columns}",
            id, time.GetUtcNow());
        return await command.OneAsync(Read, cancellation);
    }

    public async Task<Account?> SetActiveAsync(NpgsqlTransaction transaction, Guid id, bool active, CancellationToken cancellation)
    {
        await using var command = transaction.Command(
            $"""
            update users set is_active = $2, security_version = security_version + (is_active is distinct from $2)::int,
                version = version + 1, updated_at = $3
            where id = $1 returning {Columns}
            """,
            id, active, time.GetUtcNow());
        return await command.OneAsync(Read, cancellation);
    }

    public async Task<Account?> VerifyEmailAsync(NpgsqlTransaction transaction, Guid id, CancellationToken cancellation)
    {
        await using var command = transaction.Command(
            $"""
            update users set email_verified_at = coalesce(email_verified_at, $2), version = version + 1, updated_at = $2
            where id = $1 returning {Columns}
            """,
            id, time.GetUtcNow());
        return await command.OneAsync(Read, cancellation);
    }

    /// <summary>The address has answered before, so it counts as confirmed. What trusted the old one is the caller's to end, in the same transaction.</summary>
    public async Task<Account?> ChangeEmailAsync(NpgsqlTransaction transaction, Guid id, string typed, CancellationToken cancellation)
    {
        await using var command = transaction.Command(
            $"""
            update users set email = $2, email_typed = $3, email_verified_at = $4, security_version = security_version + 1, version = version + 1,
                failed_count = 0, locked_until = null, updated_at = $4
            where id = $1 returning {Columns}
            """,
            id, EmailAddress.Normalise(typed), typed.Trim(), time.GetUtcNow());
        return await command.OneAsync(Read, cancellation);
    }

    /// <summary>Null when there is no such account any more.</summary>
    public async Task<Outcome<Account>?> ChangeProfileAsync(NpgsqlTransaction transaction, Guid id, ProfileChange change, CancellationToken cancellation)
    {
        if (change.Username is { } username)
        {
            await using var taken = transaction.Command("select 1 from users where lower(username) = lower($1) and id <> $2", username, id);
            if (await taken.ExecuteScalarAsync(cancellation) is not null)
            {
                return UsernameTaken;
            }
        }

        await using var command = transaction.Command(
            $"""
            update users set username = $2, first_name = $3, last_name = $4, locale = $5, version = version + 1, updated_at = $6
            where id = $1 returning {Columns}
            """,
            id, change.Username, change.FirstName, change.LastName, change.Locale, time.GetUtcNow());
        if (await command.OneAsync(Read, cancellation) is { } changed)
        {
            return changed;
        }

        return null;
    }
}

/// <summary>The whole profile as it shall be.</summary>
internal sealed record ProfileChange(string? Username, string? FirstName, string? LastName, string Locale);
