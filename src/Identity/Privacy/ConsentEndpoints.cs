using Npgsql;
using Slipway.Identity.Administration;
using Slipway.Identity.Retail;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Privacy;

/// <summary>What somebody agreed to, when, and in which version; the history is written by the database itself.</summary>
internal static class ConsentEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/account/consents", ReadAsync).WithName("readConsents").Produces<ConsentState>(200).RequiresAccount(IdentityScopes.Read);
        app.MapPut("/api/v1/account/consents", WriteAsync).WithName("writeConsents").Accepts<ConsentBody>("application/json").Produces<ConsentState>(200).ProducesProblem(409).RequiresAccount(IdentityScopes.Write);
        foreach (var users in RetailSurface.Spellings(app))
        {
            users.MapPut("/consent", WriteAsync).Accepts<ConsentBody>("application/json").Produces<ConsentState>(200).RequiresAccount(IdentityScopes.Write);
        }
    }

    private static async Task<IResult> ReadAsync(HttpContext http, Database database, CancellationToken cancellation)
    {
        var userId = http.Account().Account.Id;
        return Reply.Ok(await database.ReadAsync((connection, c) => StateAsync(connection, userId, c), cancellation), PrivacyJson.Default.ConsentState);
    }

    private static async Task<IResult> WriteAsync(HttpContext http, Database database, ActivityLog activity, IdentitySettings settings, TimeProvider time, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, PrivacyJson.Default.ConsentBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var version = findings.OptionalText("/consentVersion", body.ConsentVersion, 50);
        if (body is { GdprConsent: null, MarketingConsent: null })
        {
            findings.Add("", "required", "Say what you decide: gdprConsent or marketingConsent.");
        }

        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        if (body.GdprConsent == false)
        {
            return Problem.Conflict("erasureNeeded", "An account needs this consent", "Without it the account cannot be kept. Ask for its erasure instead.").ToResult();
        }

        var userId = http.Account().Account.Id;
        await database.WriteAsync(
            async (tx, c) =>
            {
                await tx.Command(
                    """
                    update users set
                        gdpr_consent = coalesce($2, gdpr_consent),
                        marketing_consent = coalesce($3, marketing_consent),
                        consent_version = case when $2 is null then consent_version else $4 end,
                        consent_date = case when $2 is null then consent_date else $5 end,
                        version = version + 1, updated_at = $6
                    where id = $1
                    """,
                    userId, body.GdprConsent, body.MarketingConsent, version ?? settings.TermsVersion, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), time.GetUtcNow()).ExecuteAsync(c);
                await activity.AddAsync(tx, http, userId, new Activity("account.consentDecided", "account", userId.ToString())
                {
                    Changes = [.. Changes(body)],
                }, c);
            },
            cancellation);
        return await ReadAsync(http, database, cancellation);
    }

    private static IEnumerable<ActivityChange> Changes(ConsentBody body)
    {
        if (body.GdprConsent is not null)
        {
            yield return new ActivityChange("/gdprConsent", null, "true");
        }

        if (body.MarketingConsent is { } marketing)
        {
            yield return new ActivityChange("/marketingConsent", null, marketing ? "true" : "false");
        }
    }

    private static async Task<ConsentState> StateAsync(NpgsqlConnection connection, Guid userId, CancellationToken cancellation)
    {
        var history = await connection.Command("select kind, granted, version, decided_at from consents where user_id = $1 order by id desc limit 200", userId)
            .ListAsync(row => new ConsentDecided(row.GetString(0), row.GetBoolean(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)), cancellation);
        return (await connection.Command("select gdpr_consent, marketing_consent, consent_version, consent_date from users where id = $1", userId)
            .OneAsync(row => new ConsentState(row.GetBoolean(0), row.GetBoolean(1), row.TextOrNull(2), row.OrNull<DateOnly>(3), history), cancellation))!;
    }
}
