using System.Text.Json.Nodes;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Todo.Api.Changes;
using Todo.Api.Lists;
using Todo.Api.Ordering;

namespace Todo.Api.Todos;

/// <summary>The same as a client writes it.</summary>
internal sealed record MoveBody
{
    public Guid? ListId { get; set; }

    public Guid? ParentId { get; set; }

    public Guid? BeforeId { get; set; }

    public Guid? AfterId { get; set; }
}

/// <summary>Where a todo should go. An absent parent stays, a null one makes it a todo of its own.</summary>
internal sealed record MoveWish(Guid? ListId, bool NamesParent, Guid? ParentId, Guid? BeforeId, Guid? AfterId)
{
    public static IReadOnlySet<string> Members { get; } = new HashSet<string> { "listId", "parentId", "beforeId", "afterId" };

    public static Outcome<MoveWish> Read(JsonObject json)
    {
        var findings = new Findings();
        var wish = new MoveWish(
            Id(json, "listId", findings), json.ContainsKey("parentId"), Id(json, "parentId", findings), Id(json, "beforeId", findings), Id(json, "afterId", findings));
        foreach (var name in json.Select(member => member.Key).Where(name => !Members.Contains(name)))
        {
            findings.Add("", "unknownField", $"A move names {string.Join(", ", Members)}.");
        }

        return findings.Any ? findings.ToProblem() : wish;
    }

    private static Guid? Id(JsonObject json, string name, Findings findings)
    {
        if (!json.TryGetPropertyValue(name, out var node) || node is null)
        {
            return null;
        }

        if (JsonText.TryRead(node, out var text) && Guid.TryParseExact(text, "D", out var id))
        {
            return id;
        }

        findings.Add("/" + name, "notAnId", $"{name} is the id of a {(name == "listId" ? "list" : "todo")}.");
        return null;
    }
}

/// <summary>Moves a todo within its list, under another one, or into another list. Moves in one list follow each other.</summary>
internal sealed class TodoMoving(TodoBook book)
{
    public async Task<Outcome<TodoState>> MoveAsync(Edit edit, Guid id, MoveWish wish, Func<TodoState, Problem?> check, CancellationToken cancellation)
    {
        if (!(await TodoAccess.LockAsync(edit, id, cancellation)).Is(out var todo, out var problem))
        {
            return problem;
        }

        if (check(todo) is { } refused)
        {
            return refused;
        }

        var children = await TodoAccess.LockChildrenAsync(edit, id, null, cancellation);
        var leavesList = wish.ListId is { } wanted && wanted != todo.ListId;
        var parent = wish.NamesParent ? wish.ParentId : leavesList ? null : todo.ParentId;
        if (parent == id || (parent is not null && children.Count > 0))
        {
            return Problem.Invalid([new Finding("tooDeep", "A todo with subtasks cannot become a subtask itself.") { Pointer = "/parentId" }]);
        }

        var list = wish.ListId ?? (parent is null ? todo.ListId : null);
        if (!(await TodoBook.PlaceAsync(edit, list, parent, cancellation)).Is(out var place, out problem))
        {
            return problem;
        }

        await edit.Transaction.Command("select 1 from lists where id = $1 for no key update", place.Id).ExecuteAsync(cancellation);
        if (!(await PositionAsync(edit, place.Id, todo, wish, cancellation)).Is(out var position, out problem))
        {
            return problem;
        }

        if (place.Id != todo.ListId)
        {
            // Subtasks in the trash stay in the trash of the list they were thrown away in.
            await edit.Transaction.Command("update todos set parent_id = null where parent_id = $1 and deleted_at is not null", id).ExecuteAsync(cancellation);
        }

        foreach (var child in place.Id == todo.ListId ? [] : children)
        {
            await book.SaveAsync(edit, "moved", child, child with { ListId = place.Id, OwnerId = place.OwnerId }, cancellation);
        }

        return await book.SaveAsync(
            edit, "moved", todo, todo with { ListId = place.Id, OwnerId = place.OwnerId, ParentId = parent, Position = position }, cancellation);
    }

    private static async Task<Outcome<string>> PositionAsync(Edit edit, Guid list, TodoState todo, MoveWish wish, CancellationToken cancellation)
    {
        if (wish is { BeforeId: null, AfterId: null })
        {
            return todo.ListId == list ? todo.Position : Rank.Between(await TodoBook.LastPositionAsync(edit, list, cancellation), null);
        }

        for (var attempt = 0; ; attempt++)
        {
            if (!(await NeighboursAsync(edit, list, todo.Id, wish, cancellation)).Is(out var between, out var problem))
            {
                return problem;
            }

            var (lower, upper) = between;
            var room = lower is null || upper is null || string.CompareOrdinal(lower, upper) < 0;
            if (!room && attempt > 0)
            {
                return Problem.Invalid([new Finding("notNeighbours", "afterId must stand before beforeId in the list.") { Pointer = "/beforeId" }]);
            }

            if (room && Rank.Between(lower, upper) is { Length: <= Rank.ComfortableLength } rank)
            {
                return rank;
            }

            if (attempt > 0)
            {
                return Rank.Between(lower, upper);
            }

            await SpreadAsync(edit, list, cancellation);
        }
    }

    private static async Task<Outcome<Gap>> NeighboursAsync(Edit edit, Guid list, Guid moved, MoveWish wish, CancellationToken cancellation)
    {
        var before = wish.BeforeId is { } beforeId ? await FindAsync(edit, list, beforeId, cancellation) : null;
        var after = wish.AfterId is { } afterId ? await FindAsync(edit, list, afterId, cancellation) : null;
        if ((wish.BeforeId is not null && before is null) || wish.BeforeId == moved)
        {
            return Problem.Invalid([new Finding("unknownNeighbour", "beforeId is another todo of that list.") { Pointer = "/beforeId" }]);
        }

        if ((wish.AfterId is not null && after is null) || wish.AfterId == moved)
        {
            return Problem.Invalid([new Finding("unknownNeighbour", "afterId is another todo of that list.") { Pointer = "/afterId" }]);
        }

        if (before is null)
        {
            return new Gap(after!.Position, await BesideAsync(edit, list, after, moved, "(position, id) > ($2, $3) and id <> $4 order by position, id", cancellation));
        }

        return new Gap(
            after?.Position ?? await BesideAsync(edit, list, before, moved, "(position, id) < ($2, $3) and id <> $4 order by position desc, id desc", cancellation),
            before.Position);
    }

    private static Task<Place?> FindAsync(Edit edit, Guid list, Guid id, CancellationToken cancellation) =>
        edit.Transaction.Command("select position, id from todos where id = $1 and list_id = $2 and deleted_at is null", id, list)
            .OneAsync(row => new Place(row.GetString(0), row.GetGuid(1)), cancellation);

    private static Task<string?> BesideAsync(Edit edit, Guid list, Place place, Guid moved, string where, CancellationToken cancellation) =>
        edit.Transaction.Command($"select position from todos where list_id = $1 and deleted_at is null and {where} limit 1", list, place.Position, place.Id, moved)
            .OneAsync(row => row.GetString(0), cancellation);

    /// <summary>Gives every todo of the list a short rank again; the order, and therefore the versions, stay as they are.</summary>
    private static async Task SpreadAsync(Edit edit, Guid list, CancellationToken cancellation)
    {
        var ids = await edit.Transaction.Command("select id from todos where list_id = $1 and deleted_at is null order by position, id for update", list)
            .ListAsync(row => row.GetGuid(0), cancellation);
        await edit.Transaction.Command(
            "update todos set position = rows.position from unnest($1::uuid[], $2::text[]) as rows (id, position) where todos.id = rows.id",
            ids, Rank.Spread(ids.Count)).ExecuteAsync(cancellation);
    }

    private sealed record Gap(string? Lower, string? Upper);

    private sealed record Place(string Position, Guid Id);
}
