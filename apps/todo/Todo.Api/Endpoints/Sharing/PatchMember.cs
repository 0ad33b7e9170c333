using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Lists;
using Todo.Api.Sharing;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Sharing;

/// <summary>Changes what a member may do. There is one owner, and that stays.</summary>
internal static class PatchMember
{
    private static readonly HashSet<string> s_members = ["role"];

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/lists/{id:guid}/members/{userId:guid}", HandleAsync).WithName("patchMember").WithSummary("Changes what a member may do.").Requires("todo.lists:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<RoleBody>("application/merge-patch+json", "application/json")
            .Produces<MemberDocument>(200);

    private static async Task<IResult> HandleAsync(Guid id, Guid userId, HttpContext http, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!(await MergePatch.ReadAsync(http.Request, s_members, cancellation)).Is(out var patch, out var problem)
            || !RoleOf(patch).Is(out var role, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await ListRows.LockAsync(edit, id, token)).Is(out var access, out var refused))
                {
                    return Reply.Of(refused);
                }

                if (access.Role != Role.Owner)
                {
                    return Reply.Of(ListRows.OwnerOnly);
                }

                if (await Members.LockAsync(edit, id, userId, token) is not { } member)
                {
                    return Reply.Of(Problem.NotFound("member"));
                }

                if (member.Role == Role.Owner)
                {
                    return Reply.Of(Problem.Conflict("owner", "The owner stays the owner", "The role of the list's owner cannot be changed."));
                }

                await Members.SetRoleAsync(edit, id, userId, role.Value, token);
                return Reply.Ok(MemberDocument.Of(member with { Role = role.Value }), TodoJson.Default.MemberDocument);
            },
            cancellation);
    }

    private static Outcome<Box> RoleOf(JsonObject patch)
    {
        var findings = new Findings();
        var text = patch["role"] is { } node && JsonText.TryRead(node, out var value) ? value : "";
        var role = findings.Choice("/role", text, Role.Viewer, ("editor", Role.Editor), ("viewer", Role.Viewer));
        return findings.Any ? findings.ToProblem() : new Box(role);
    }

    private sealed record Box(Role Value);
}
