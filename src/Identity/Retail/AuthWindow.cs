using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Identity.Accounts;
using Slipway.Identity.Secrets;
using Slipway.Identity.SignIns;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Retail;

internal sealed record AuthWindowRules(bool On, int Permits, TimeSpan Window);

/// <summary>
/// The strict limit of the shop's calls for signing in: five of any outcome within a quarter of an hour, counted per network and account
/// together over all instances. A sign-in with a second factor proves enough to begin anew.
/// </summary>
internal sealed class AuthWindow(Database database, Seal seal, AuthWindowRules rules, TimeProvider time)
{
    private readonly byte[] _key = seal.KeyFor("strict sign-in window");

    /// <summary>Counts a call; the refusal when it is one too many.</summary>
    public async Task<Problem?> EnterAsync(HttpContext http, string email, CancellationToken cancellation)
    {
        if (!rules.On)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var (calls, until) = await database.WriteAsync(
            (tx, c) => tx.Command(
                """
                insert into failed_attempts as known (key, failures, since, until) values ($1, 1, $2, $3)
                on conflict (key) do update set
                    failures = case when known.until <= $2 then 1 else known.failures + 1 end,
                    since = case when known.until <= $2 then $2 else known.since end,
                    until = case when known.until <= $2 then $3 else known.until end
                returning failures, until
                """, KeyOf(http, email), now, now + rules.Window).OneAsync(row => (row.GetInt32(0), row.GetFieldValue<DateTimeOffset>(1)), c),
            cancellation);
        return calls <= rules.Permits ? null : new Problem(
            429, "tooManyAttempts", "Too many attempts", $"There may be {rules.Permits} attempts within {rules.Window.TotalMinutes:0} minutes. Wait before trying again.")
        {
            RetryAfter = until - now,
            Args = new JsonObject { ["permits"] = rules.Permits },
        };
    }

    public Task ForgetAsync(HttpContext http, string email, CancellationToken cancellation) => rules.On
        ? database.WriteAsync((tx, c) => tx.Command("delete from failed_attempts where key = $1", KeyOf(http, email)).ExecuteAsync(c), cancellation)
        : Task.CompletedTask;

    private byte[] KeyOf(HttpContext http, string email) => HMACSHA256.HashData(
        _key, Encoding.UTF8.GetBytes($"{FailedAttempts.NetworkOf(ClientAddress.Of(http) ?? IPAddress.None)} {EmailAddress.Normalise(email)}"));
}
