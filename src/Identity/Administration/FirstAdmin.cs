using Slipway.Identity.Accounts;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Administration;

/// <summary>
/// Somebody has to be the first: as long as nobody is an administrator, the account with the address ADMIN_EMAIL becomes one as soon as
/// that address is confirmed. Once there is one, the setting means nothing, so a forgotten one is no back door.
/// </summary>
internal sealed partial class FirstAdmin(Database database, ActivityLog activity, string? email, TimeProvider time, ILogger<FirstAdmin> log) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    /// <summary>Whether there is an administrator now.</summary>
    public Task<bool> LookAsync(CancellationToken cancellation) => database.WriteAsync(
        async (tx, c) =>
        {
            var made = await tx.Command(
                """
                update users set role = 'admin', security_version = security_version + 1, version = version + 1, updated_at = $2
                where email = $1 and email_verified_at is not null and is_active and not exists (select from users where role = 'admin' and is_active)
                returning id
                """, email is null ? null : EmailAddress.Normalise(email), time.GetUtcNow()).ListAsync(row => row.GetGuid(0), c);
            foreach (var id in made)
            {
                await activity.AddAsync(tx, "first-admin", new Activity("account.changed", "account", id.ToString()) { Changes = [new("/role", Roles.Customer, Roles.Admin)] }, c);
                await tx.Command("update sessions set revoked_at = $2, revoked_reason = 'promoted' where user_id = $1 and revoked_at is null", id, time.GetUtcNow()).ExecuteAsync(c);
                Made(id);
            }

            return made.Count > 0 || await tx.Command("select 1 from users where role = 'admin' and is_active limit 1").OneAsync(_ => true, c);
        },
        cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (email is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(s_look, time);
        do
        {
            try
            {
                if (await LookAsync(stoppingToken))
                {
                    return;
                }
            }
#pragma warning disable CA1031 // Without a database there is no administrator yet; the next look comes soon.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LookFailed(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 4521, Level = LogLevel.Information, Message = "Account {UserId} is the first administrator. It needs a second factor before it may do anything.")]
    private partial void Made(Guid userId);

    [LoggerMessage(EventId = 4522, Level = LogLevel.Debug, Message = "Whether there is an administrator could not be read: {Reason}")]
    private partial void LookFailed(string reason);
}
