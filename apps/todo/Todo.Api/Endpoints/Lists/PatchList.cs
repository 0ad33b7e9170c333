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
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Lists;

/// <summary>Changes name and colour, for the owner; and, with <c>afterId</c>, where the list stands among the caller's own lists.</summary>
internal static class PatchList
{
    private static readonly HashSet<string> s_members = ["name", "color", "afterId"];

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/lists/{id:guid}", HandleAsync).WithName("patchList").WithSummary("Changes or places a list.").Requires("todo.lists:write")
            .TakesHeader("If-Match", "The version that was read, from ETag.", required: true)
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<ListPatchBody>("application/merge-patch+json", "application/json")
            .Produces<ListDocument>(200);

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!(await MergePatch.ReadAsync(http.Request, s_members, cancellation)).Is(out var patch, out var problem)
            || !Wish.Read(patch).Is(out var wish, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(http, (edit, token) => ApplyAsync(edit, http, id, wish, token), cancellation);
    }

    private static async Task<Reply> ApplyAsync(Edit edit, HttpContext http, Guid id, Wish wish, CancellationToken cancellation)
    {
        if (!(await ListRows.LockAsync(edit, id, cancellation)).Is(out var access, out var problem))
        {
            return Reply.Of(problem);
        }

        var list = access.List;
        if (Versions.RequireMatch(http.Request, list.Version) is { } mismatch)
        {
            return Reply.Of(mismatch);
        }

        if (list.DeletedAt is not null)
        {
            return Reply.Of(Problem.Conflict("listDeleted", "The list is in the trash", "Restore the list first."));
        }

        if (wish.ChangesList && access.Role != Role.Owner)
        {
            return Reply.Of(ListRows.OwnerOnly);
        }

        if (wish.NamesPlace && await ListBook.PlaceAsync(edit, id, wish.AfterId, cancellation) is { } refused)
        {
            return Reply.Of(refused);
        }

        if (wish.ChangesList)
        {
            list = await ListBook.SaveAsync(
                edit, "updated", list, list with { Name = wish.Name ?? list.Name, Color = wish.NamesColor ? wish.Color : list.Color }, cancellation);
        }

        var document = await ListDocuments.InTransactionAsync(edit.Transaction, edit.Actor.Id, id, cancellation);
        return Reply.Ok(document, TodoJson.Default.ListDocument, Versions.ETag(list.Version));
    }

    private sealed record Wish(string? Name, bool NamesColor, string? Color, bool NamesPlace, Guid? AfterId)
    {
        public bool ChangesList => Name is not null || NamesColor;

        public static Outcome<Wish> Read(JsonObject patch)
        {
            var findings = new Findings();
            var name = patch.ContainsKey("name") ? ListRules.Name(findings, Text(patch, "name", findings)) : null;
            var color = ListRules.Color(findings, Text(patch, "color", findings));
            Guid? after = null;
            if (Text(patch, "afterId", findings) is { } text)
            {
                if (Guid.TryParseExact(text, "D", out var id))
                {
                    after = id;
                }
                else
                {
                    findings.Add("/afterId", "notAnId", "afterId is the id of a list, or null for the first place.");
                }
            }

            return findings.Any ? findings.ToProblem() : new Wish(name, patch.ContainsKey("color"), color, patch.ContainsKey("afterId"), after);
        }

        private static string? Text(JsonObject patch, string name, Findings findings)
        {
            if (patch[name] is not { } node)
            {
                return null;
            }

            if (JsonText.TryRead(node, out var text))
            {
                return text;
            }

            findings.Add("/" + name, "mistyped", $"{name} must be a text.");
            return null;
        }
    }
}
