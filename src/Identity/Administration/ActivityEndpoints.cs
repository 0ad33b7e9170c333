using Slipway.Identity.Accounts;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Administration;

/// <summary>The audit trail for administrators, and everybody's own part of it.</summary>
internal static class ActivityEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/account/activity", OwnAsync).WithName("listOwnActivity").Produces<ActivityPage>(200).RequiresAccount(IdentityScopes.Read);
        app.MapGet("/api/v1/admin/audit", AllAsync).WithName("listAudit").Produces<ActivityPage>(200).RequiresAdmin(IdentityScopes.Read);
        app.MapGet("/api/v1/admin/audit/verify", VerifyAsync).WithName("verifyAudit").Produces<ChainState>(200).TakesNoParameters().RequiresAdmin(IdentityScopes.Read);
    }

    private static Task<IResult> OwnAsync(HttpContext http, ActivityReader reader, Cursors cursors, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        return PageAsync(http, query, http.Account().Account.Id, query.Text("action", 100), reader, cursors, cancellation);
    }

    private static Task<IResult> AllAsync(HttpContext http, ActivityReader reader, Cursors cursors, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        Guid? person = null;
        if (query.Text("userId", 36) is { } text)
        {
            if (Guid.TryParse(text, out var id))
            {
                person = id;
            }
            else
            {
                query.Wrong("userId", "invalid", "userId is the id of an account.");
            }
        }

        return PageAsync(http, query, person, query.Text("action", 100), reader, cursors, cancellation);
    }

    private static async Task<IResult> PageAsync(
        HttpContext http, Query query, Guid? person, string? action, ActivityReader reader, Cursors cursors, CancellationToken cancellation)
    {
        var binding = $"activity {http.Account().Account.Id} {person} {action}";
        if (!PageRequest.Read(http.Request, query, "-at").Is(out var page, out var problem) || !cursors.Read(page, binding).Is(out var keys, out problem))
        {
            return problem.ToResult();
        }

        // One more than asked for tells whether there is a next page; the trail itself gives at most 200 at once.
        var limit = Math.Min(page.Limit, 199);
        var found = await reader.ReadAsync(new ActivityQuestion(person, action, Keyset.Read(keys), limit + 1), cancellation);
        var items = found.Take(limit).ToList();
        var told = new Page(limit, found.Count > limit ? cursors.Write(page, binding, Keyset.Write(items[^1].At, items[^1].Id)) : null, null, null);
        Links.Write(http.Response, told);
        return Reply.Ok(new ActivityPage(items, told), AdminJson.Default.ActivityPage);
    }

    private static async Task<IResult> VerifyAsync(AuditTrail trail, CancellationToken cancellation)
    {
        var state = (await trail.VerifyAsync(cancellation)).Is(out var links, out var problem)
            ? new ChainState(true, links, null)
            : new ChainState(false, null, problem.Detail);
        return Reply.Ok(state, AdminJson.Default.ChainState);
    }
}
