using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using Slipway.Identity.Administration;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Privacy;

/// <summary>Everything this service keeps about somebody, as one document; secrets and their hashes are left out.</summary>
internal sealed class PersonalExport(Database database, AuditTrail trail, TimeProvider time)
{
    public const string FormatVersion = "1.0";

    /// <summary>More than this of one kind is cut, and the document says so.</summary>
    private const int RowsMax = 10_000;

    /// <summary>The members and how their rows are read. A profile and the like are one object, the others lists.</summary>
    internal static readonly IReadOnlyList<(string Member, bool Single, string Sql)> Members =
    [
        ("profile", true,
            $"""
            select json_build_object('id', id, 'email', email_typed, 'emailVerifiedAt', {Z("email_verified_at")}, 'username', username,
                'firstName', first_name, 'lastName', last_name, 'role', role, 'locale', locale, 'active', is_active, 'twoFactorEnabled', two_factor_enabled,
                'gdprConsent', gdpr_consent, 'marketingConsent', marketing_consent, 'consentDate', consent_date, 'consentVersion', consent_version,
                'lastLoginAt', {Z("last_login_at")}, 'loginCount', login_count, 'createdAt', {Z("created_at")}, 'updatedAt', {Z("updated_at")})
            from users where id = $1 limit $2
            """),
        ("consents", false,
            $"select json_build_object('kind', kind, 'granted', granted, 'version', version, 'decidedAt', {Z("decided_at")}) from consents where user_id = $1 order by id desc limit $2"),
        ("sessions", false,
            $"""
            select json_build_object('id', id, 'kind', kind, 'clientId', client_id, 'audience', audience, 'scopes', scopes, 'methods', methods, 'network', network,
                'userAgent', user_agent, 'authenticatedAt', {Z("authenticated_at")}, 'createdAt', {Z("created_at")}, 'lastSeenAt', {Z("last_seen_at")},
                'expiresAt', {Z("expires_at")}, 'revokedAt', {Z("revoked_at")}, 'revokedReason', revoked_reason)
            from sessions where user_id = $1 order by created_at desc, id desc limit $2
            """),
        ("signIns", false,
            $"select json_build_object('at', {Z("at")}, 'clientId', client_id, 'methods', methods, 'network', network, 'userAgent', user_agent) from login_events where user_id = $1 order by at desc, id desc limit $2"),
        ("apiKeys", false,
            $"""
            select json_build_object('id', id, 'name', name, 'environment', environment, 'scopes', scopes, 'createdAt', {Z("created_at")},
                'expiresAt', {Z("expires_at")}, 'lastUsedAt', {Z("last_used_at")}, 'revokedAt', {Z("revoked_at")})
            from api_keys where user_id = $1 order by created_at desc, id limit $2
            """),
        ("programs", false,
            $"select json_build_object('clientId', client_id, 'scopes', scopes, 'grantedAt', {Z("granted_at")}) from oauth_consents where user_id = $1 order by client_id limit $2"),
        ("namespaces", false,
            $"select json_build_object('namespace', namespace, 'role', role, 'grantedAt', {Z("granted_at")}) from namespace_members where user_id = $1 order by namespace limit $2"),
        ("passkeys", false,
            $"""
            select json_build_object('name', name, 'createdAt', {Z("created_at")}, 'lastUsedAt', {Z("last_used_at")}, 'transports', transports, 'backedUp', backed_up)
            from passkeys where user_id = $1 order by created_at limit $2
            """),
        ("twoFactor", true,
            $"""
            select json_build_object('createdAt', {Z("created_at")}, 'confirmedAt', {Z("confirmed_at")},
                'recoveryCodesLeft', (select count(*) from recovery_codes where recovery_codes.user_id = two_factor.user_id and used_at is null))
            from two_factor where user_id = $1 limit $2
            """),
        ("emailChange", true,
            $"select json_build_object('email', email_typed, 'createdAt', {Z("created_at")}, 'expiresAt', {Z("expires_at")}) from email_changes where user_id = $1 limit $2"),
        ("erasure", true,
            $"select json_build_object('requestedAt', {Z("requested_at")}, 'dueAt', {Z("due_at")}, 'anonymisedAt', {Z("anonymised_at")}) from erasures where user_id = $1 limit $2"),
    ];

    public async Task<JsonObject> WriteAsync(Guid userId, CancellationToken cancellation)
    {
        var cut = new JsonArray();
        var document = await database.ReadAsync((connection, c) => TablesAsync(connection, userId, cut, c), cancellation);
        document["auditEvents"] = await AuditAsync(userId, cut, cancellation);
        document["cut"] = cut;
        document["exportedAt"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        document["formatVersion"] = FormatVersion;
        return document;
    }

    private static async Task<JsonObject> TablesAsync(NpgsqlConnection connection, Guid userId, JsonArray cut, CancellationToken cancellation)
    {
        var document = new JsonObject();
        foreach (var (member, single, sql) in Members)
        {
            var rows = await connection.Command(sql, userId, (long)RowsMax).ListAsync(row => JsonNode.Parse(row.GetString(0)), cancellation);
            document[member] = single ? rows.FirstOrDefault() : new JsonArray([.. rows]);
            if (rows.Count == RowsMax)
            {
                cut.Add((JsonNode)member);
            }
        }

        return document;
    }

    private async Task<JsonArray> AuditAsync(Guid userId, JsonArray cut, CancellationToken cancellation)
    {
        var events = new JsonArray();
        (DateTimeOffset, Guid)? before = null;
        while (true)
        {
            var page = await trail.ListAsync(new AuditQuery { ActorId = userId.ToString(), Before = before, Limit = 200 }, cancellation);
            foreach (var record in page)
            {
                events.Add((JsonNode)new JsonObject
                {
                    ["at"] = record.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                    ["action"] = record.Entry.Action,
                    ["target"] = $"{record.Entry.TargetType}/{record.Entry.TargetId}",
                    ["network"] = record.Entry.ClientIp,
                });
            }

            if (page.Count < 200)
            {
                return events;
            }

            if (events.Count >= RowsMax)
            {
                cut.Add((JsonNode)"auditEvents");
                return events;
            }

            before = (page[^1].At, page[^1].Id);
        }
    }

    private static string Z(string column) => $"""to_char({column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')""";
}
