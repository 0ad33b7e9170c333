using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Identity.Accounts;
using Slipway.Identity.Retail;
using Slipway.Identity.Sessions;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Database;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Administration;

/// <summary>Accounts for administrators, under the names of all three documented surfaces.</summary>
internal static class UserEndpoints
{
    private static readonly HashSet<string> s_members = new(StringComparer.Ordinal) { "active", "role", "unlock", "resetTwoFactor" };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/admin/users", ListAsync).WithName("listUsers").Produces<UserPage>(200).RequiresAdmin(IdentityScopes.Read);
        app.MapGet("/api/v1/admin/users/{id:guid}", ReadAsync).WithName("readUser").Produces<UserView>(200).ProducesProblem(404).TakesNoParameters().RequiresAdmin(IdentityScopes.Read);
        app.MapPatch("/api/v1/admin/users/{id:guid}", PatchAsync).WithName("changeUser").Produces<UserView>(200).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428).TakesNoParameters().RequiresAdmin(IdentityScopes.Write);
        foreach (var users in RetailSurface.Spellings(app))
        {
            users.MapGet("/", ListAsync).Produces<UserPage>(200).RequiresAdmin(IdentityScopes.Read);
            users.MapPut("/{id:guid}/role", RoleAsync).Accepts<RoleBody>("application/json").Produces<UserView>(200).ProducesProblem(409).TakesNoParameters().RequiresAdmin(IdentityScopes.Write);
        }

        app.MapGet("/auth/users", ListAsync).WithName("listUsersForTodo").Produces<UserPage>(200).RequiresAdmin(IdentityScopes.Read);
        app.MapPut("/auth/users/{id:guid}/active", ActiveAsync).WithName("setUserActive").Accepts<ActiveBody>("application/json").Produces<UserView>(200).ProducesProblem(409).TakesNoParameters().RequiresAdmin(IdentityScopes.Write);
    }

    private static async Task<IResult> ListAsync(HttpContext http, Database database, Cursors cursors, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var filter = new UserFilter(query.Text("q", 100), query.Text("role", 20), query.Flag("active"));
        if (filter.Role is not null && !Roles.All.Contains(filter.Role))
        {
            query.Wrong("role", "notOneOf", "role is one of customer, vendor, admin.");
        }

        if (!PageRequest.Read(http.Request, query, "-createdAt").Is(out var page, out var problem)
            || !cursors.Read(page, Binding(http, filter)).Is(out var keys, out problem))
        {
            return problem.ToResult();
        }

        var found = await database.ReadAsync((connection, c) => UserList.PageAsync(connection, filter, Keyset.Read(keys), page.Limit + 1, c), cancellation);
        var items = found.Take(page.Limit).ToList();
        var next = found.Count > page.Limit ? cursors.Write(page, Binding(http, filter), Keyset.Write(items[^1].CreatedAt, items[^1].Id)) : null;
        var told = new Page(page.Limit, next, null, null);
        Links.Write(http.Response, told);
        return Reply.Ok(new UserPage(items, told), AdminJson.Default.UserPage);
    }

    private static async Task<IResult> ReadAsync(Guid id, Database database, CancellationToken cancellation) =>
        await database.ReadAsync((connection, c) => UserList.FindAsync(connection, id, c), cancellation) is { } user
            ? Reply.Ok(user, AdminJson.Default.UserView, Versions.ETag(user.Version))
            : Problem.NotFound("account").ToResult();

    private static async Task<IResult> PatchAsync(
        Guid id, HttpContext http, AccountChanges changes, Database database, TimeProvider time, CancellationToken cancellation)
    {
        if (!(await MergePatch.ReadAsync(http.Request, s_members, cancellation)).Is(out var patch, out var problem) || !Read(patch).Is(out var change, out problem))
        {
            return problem.ToResult();
        }

        return await ChangeAsync(id, change, version => Versions.RequireMatch(http.Request, version), http, changes, database, time, cancellation);
    }

    private static async Task<IResult> RoleAsync(
        Guid id, HttpContext http, AccountChanges changes, Database database, TimeProvider time, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, AdminJson.Default.RoleBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        return body.Role is { } role && Roles.All.Contains(role)
            ? await ChangeAsync(id, new AccountChange(Role: role), null, http, changes, database, time, cancellation)
            : Problem.Invalid([WrongRole]).ToResult();
    }

    private static async Task<IResult> ActiveAsync(
        Guid id, HttpContext http, AccountChanges changes, Database database, TimeProvider time, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, AdminJson.Default.ActiveBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        return (body.Active ?? body.IsActive) is { } active
            ? await ChangeAsync(id, new AccountChange(Active: active), null, http, changes, database, time, cancellation)
            : Problem.Invalid([new Finding("required", "active is required: true or false.") { Pointer = "/active" }]).ToResult();
    }

    private static async Task<IResult> ChangeAsync(
        Guid id, AccountChange change, Func<long, Problem?>? check, HttpContext http, AccountChanges changes, Database database, TimeProvider time, CancellationToken cancellation)
    {
        if (StepUp.Require(http.Account(), time.GetUtcNow()) is { } stale)
        {
            return stale.ToResult();
        }

        return await changes.ApplyAsync(http, id, change, check, cancellation) is { } refusal ? refusal.ToResult() : await ReadAsync(id, database, cancellation);
    }

    private static Outcome<AccountChange> Read(JsonObject patch)
    {
        var findings = new Findings();
        bool? Flag(string name)
        {
            if (!patch.TryGetPropertyValue(name, out var node))
            {
                return null;
            }

            if (node is JsonValue value && value.TryGetValue<bool>(out var flag))
            {
                return flag;
            }

            findings.Add("/" + name, "mistyped", $"{name} must be true or false.");
            return null;
        }

        var (active, unlock, reset) = (Flag("active"), Flag("unlock"), Flag("resetTwoFactor"));
        string? role = null;
        if (patch.TryGetPropertyValue("role", out var given) && !(given is JsonValue text && text.TryGetValue(out role) && Roles.All.Contains(role)))
        {
            findings.Add("/role", WrongRole.Code, WrongRole.Detail, WrongRole.Args);
        }

        var change = new AccountChange(active, role, unlock == true, reset == true);
        if (!findings.Any && change.IsEmpty)
        {
            findings.Add("", "required", "Say what to change: active, role, unlock or resetTwoFactor.");
        }

        return findings.Any ? findings.ToProblem() : change;
    }

    private static Finding WrongRole => new("notOneOf", "role is one of customer, vendor, admin.")
    {
        Pointer = "/role",
        Args = new JsonObject { ["allowed"] = new JsonArray("customer", "vendor", "admin") },
    };

    private static string Binding(HttpContext http, UserFilter filter) =>
        string.Create(CultureInfo.InvariantCulture, $"users {http.Account().Account.Id} {filter.Text} {filter.Role} {filter.Active}");
}
