using Slipway.Identity.Tokens;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;

namespace Slipway.Identity;

/// <summary>What the program does instead of serving.</summary>
internal static class Commands
{
    private const int UsageExitCode = 64;

    /// <summary>The indexes of the documented optimisation; uniqueness is kept by others.</summary>
    private static readonly (string Name, string Create)[] s_indexes =
    [
        ("idx_users_email", "create index concurrently if not exists idx_users_email on users using btree (email)"),
        ("idx_users_username", "create index concurrently if not exists idx_users_username on users using btree (username)"),
        ("idx_users_active", "create index concurrently if not exists idx_users_active on users using btree (is_active) where is_active is true"),
        ("idx_user_login", "create index concurrently if not exists idx_user_login on users using btree (email, password) where is_active is true"),
        ("idx_users_role", "create index concurrently if not exists idx_users_role on users using btree (role)"),
    ];

    public static void AddTo(SlipwayService service)
    {
        service.Command("rotate-keys", RotateKeysAsync);
        service.Command("baseline-indexes", (services, cancellation) => BaselineIndexesAsync(service.Arguments, services, cancellation));
    }

    /// <summary>Makes a new signing key now. It signs after the usual lead; the key before it stays published until its last token expires.</summary>
    private static async Task<int> RotateKeysAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var made = await services.GetRequiredService<SigningKeyStore>().RotateAsync(services.GetRequiredService<KeySchedule>(), force: true, cancellation);
        await Console.Out.WriteLineAsync(
            made is null ? "A new signing key is waiting already; it will sign shortly." : $"Signing key {made.Kid} signs from {made.SignsFrom:O} on.");
        return 0;
    }

    /// <summary>Takes the indexes away for a run of the baseline, or puts them back.</summary>
    private static async Task<int> BaselineIndexesAsync(IReadOnlyList<string> arguments, IServiceProvider services, CancellationToken cancellation)
    {
        if (arguments is not [("drop" or "create") and var what])
        {
            await Console.Error.WriteLineAsync("identity: say baseline-indexes drop or baseline-indexes create.");
            return UsageExitCode;
        }

        var database = services.GetRequiredService<Database>();
        foreach (var (name, create) in s_indexes)
        {
            // Concurrent building takes as long as it takes; it holds nobody up and may not run in a transaction.
            await using var command = database.Source.CreateCommand(what == "drop" ? $"drop index concurrently if exists {name}" : create);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellation);
            await Console.Out.WriteLineAsync($"{name}: {(what == "drop" ? "dropped" : "present")}");
        }

        return 0;
    }
}
