using Slipway.Identity.Sessions;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Administration;

/// <summary>Who may do what in a namespace of the platform.</summary>
internal static class Members
{
    private const string Path = "/api/v1/namespaces/{ns}/members";
    private const int ListMax = 1_000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ListAsync).WithName("listMembers").Produces<MemberList>(200).RequiresAdmin(IdentityScopes.Read);
        app.MapGet(Path + "/{userId:guid}", ReadAsync).WithName("readMember").Produces<MemberView>(200).ProducesProblem(404).RequiresAccount(IdentityScopes.Read);
        app.MapPut(Path + "/{userId:guid}", WriteAsync).WithName("writeMember").Accepts<RoleBody>("application/json").Produces<MemberView>(200).ProducesProblem(404).RequiresAdmin(IdentityScopes.Write);
        app.MapDelete(Path + "/{userId:guid}", RemoveAsync).WithName("removeMember").Produces(204).RequiresAdmin(IdentityScopes.Write);
    }

    private static async Task<IResult> ListAsync(string ns, Database database, CancellationToken cancellation)
    {
        if (!NamespaceRoles.IsNamespace(ns))
        {
            return Problem.NotFound("namespace").ToResult();
        }

        var members = await database.ReadAsync(
            (connection, c) => connection.Command(
                """
                select users.id, users.email_typed, users.name, m.role, m.granted_at
                from namespace_members m join users on users.id = m.user_id where m.namespace = $1 order by m.granted_at, users.id limit $2
                """, ns, ListMax)
                .ListAsync(row => new Member(row.GetGuid(0), row.GetString(1), row.TextOrNull(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4)), c),
            cancellation);
        return Reply.Ok(new MemberList(ns, members), AdminJson.Default.MemberList);
    }

    /// <summary>Everybody may look up themselves; for others it is as if they were not there.</summary>
    private static async Task<IResult> ReadAsync(string ns, Guid userId, HttpContext http, Database database, CancellationToken cancellation)
    {
        var caller = http.Account();
        var role = userId == caller.Account.Id || (caller.Account.Role == Accounts.Roles.Admin && caller.UsedSecondFactor)
            ? await database.ReadAsync(
                (connection, c) => connection.Command("select role from namespace_members where namespace = $1 and user_id = $2", ns, userId).OneAsync(row => row.GetString(0), c),
                cancellation)
            : null;
        return role is null ? Problem.NotFound("member").ToResult() : Reply.Ok(new MemberView(ns, userId, role), AdminJson.Default.MemberView);
    }

    private static async Task<IResult> WriteAsync(
        string ns, Guid userId, HttpContext http, Database database, ActivityLog activity, TimeProvider time, CancellationToken cancellation)
    {
        if (StepUp.Require(http.Account(), time.GetUtcNow()) is { } stale)
        {
            return stale.ToResult();
        }

        if (!(await Body.ReadAsync(http.Request, AdminJson.Default.RoleBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        if (NamespaceRoles.Read(body.Role) is not { } role)
        {
            findings.Add("/role", "notOneOf", "role is one of viewer, developer, owner.");
            return findings.ToProblem().ToResult();
        }

        var (actor, name) = (http.Account().Account.Id, NamespaceRoles.Write(role));
        var written = NamespaceRoles.IsNamespace(ns) && await database.WriteAsync(
            async (tx, c) =>
            {
                var before = await tx.Command("select role from namespace_members where namespace = $1 and user_id = $2", ns, userId).OneAsync(row => row.GetString(0), c);
                var count = await tx.Command(
                    """
                    insert into namespace_members (namespace, user_id, role, granted_by, granted_at)
                    select $1, id, $3, $4, $5 from users where id = $2
                    on conflict (namespace, user_id) do update set role = $3, granted_by = $4, granted_at = $5
                    """, ns, userId, name, actor, time.GetUtcNow()).ExecuteAsync(c);
                if (count == 1 && before != name)
                {
                    await activity.AddAsync(tx, http, actor, new Activity("namespace.roleChanged", "account", userId.ToString()) { Changes = [new($"/namespaces/{ns}", before, name)] }, c);
                }

                return count == 1;
            },
            cancellation);
        return written ? Reply.Ok(new MemberView(ns, userId, name), AdminJson.Default.MemberView) : Problem.NotFound("account").ToResult();
    }

    private static async Task<IResult> RemoveAsync(
        string ns, Guid userId, HttpContext http, Database database, ActivityLog activity, CancellationToken cancellation)
    {
        var actor = http.Account().Account.Id;
        await database.WriteAsync(
            async (tx, c) =>
            {
                if (await tx.Command("delete from namespace_members where namespace = $1 and user_id = $2 returning role", ns, userId).OneAsync(row => row.GetString(0), c) is { } before)
                {
                    await activity.AddAsync(tx, http, actor, new Activity("namespace.roleChanged", "account", userId.ToString()) { Changes = [new($"/namespaces/{ns}", before, null)] }, c);
                }
            },
            cancellation);
        return Results.NoContent();
    }
}
