using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Titanic.Api.Changes;

namespace Titanic.Api.People;

/// <summary>Everything that can be done with people, inside an <see cref="Edit"/>.</summary>
internal static class PersonBook
{
    private const int NumberAttempts = 8;

    public static async Task<Outcome<Person>> CreateAsync(Edit edit, int? passengerId, PersonContent content, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var number = passengerId ?? await PersonRows.NextNumberAsync(edit.Transaction, cancellation);
            var person = New(Guid.CreateVersion7(edit.Now), number, content, edit.Now);
            if ((await PersonRows.InsertAsync(edit.Transaction, [person], cancellation)).Count == 1)
            {
                edit.Note("created", person, FieldChanges.Between(null, content));
                return person;
            }

            if (passengerId is not null || attempt == NumberAttempts)
            {
                return Problem.Conflict(
                    "passengerIdTaken", "The number is taken", $"Somebody else has the passengerId {number}, perhaps somebody who was deleted. Leave it out to get a free one.");
            }
        }
    }

    public static Person New(Guid uuid, int passengerId, PersonContent content, DateTimeOffset now) =>
        new() { Uuid = uuid, PassengerId = passengerId, Content = content, CreatedAt = now, UpdatedAt = now, Version = 1 };

    /// <param name="check">Which version the caller has seen.</param>
    /// <param name="change">The content that is wanted instead.</param>
    public static async Task<Outcome<Person>> ChangeAsync(
        Edit edit, PersonKey key, Func<Person, Problem?> check, Func<PersonContent, Outcome<PersonContent>> change, CancellationToken cancellation)
    {
        if (await PersonRows.LockAsync(edit.Transaction, key, cancellation) is not { DeletedAt: null } before)
        {
            return Problem.NotFound("person");
        }

        if (check(before) is { } refused)
        {
            return refused;
        }

        if (!change(before.Content).Is(out var content, out var problem))
        {
            return problem;
        }

        var fields = FieldChanges.Between(before.Content, content);
        if (fields.Count == 0)
        {
            return before;
        }

        var after = before with { Content = content, UpdatedAt = edit.Now, Version = before.Version + 1 };
        await PersonRows.UpdateAsync(edit.Transaction, [after], cancellation);
        edit.Note("updated", after, fields);
        return after;
    }

    /// <summary>Deleting what is deleted already is no mistake.</summary>
    public static async Task<Outcome<bool>> DeleteAsync(Edit edit, PersonKey key, Func<Person, Problem?> check, CancellationToken cancellation)
    {
        if (await PersonRows.LockAsync(edit.Transaction, key, cancellation) is not { } person)
        {
            return Problem.NotFound("person");
        }

        if (person.DeletedAt is not null)
        {
            return false;
        }

        if (check(person) is { } refused)
        {
            return refused;
        }

        if (person.IsHeld)
        {
            return Problem.Conflict("onHold", "The record must be kept", "A legal hold is on this record. It can be deleted once the hold is lifted.");
        }

        var deleted = person with { DeletedAt = edit.Now, UpdatedAt = edit.Now, Version = person.Version + 1 };
        await MarkAsync(edit, deleted, cancellation);
        edit.Note("deleted", deleted, []);
        return true;
    }

    public static async Task<Outcome<Person>> RestoreAsync(Edit edit, PersonKey key, CancellationToken cancellation)
    {
        if (await PersonRows.LockAsync(edit.Transaction, key, cancellation) is not { } person)
        {
            return Problem.NotFound("person");
        }

        if (person.DeletedAt is null)
        {
            return person;
        }

        var restored = person with { DeletedAt = null, UpdatedAt = edit.Now, Version = person.Version + 1 };
        await MarkAsync(edit, restored, cancellation);
        edit.Note("restored", restored, []);
        return restored;
    }

    /// <param name="reason">Null lifts the hold.</param>
    public static async Task<Outcome<Person>> HoldAsync(Edit edit, PersonKey key, string? reason, string by, CancellationToken cancellation)
    {
        if (await PersonRows.LockAsync(edit.Transaction, key, cancellation) is not { } person)
        {
            return Problem.NotFound("person");
        }

        if (person.HoldReason == reason)
        {
            return person;
        }

        var after = person with { HoldReason = reason, UpdatedAt = edit.Now, Version = person.Version + 1 };
        await edit.Transaction.Command(
            "update people set hold_reason = $2, held_by = $3, held_at = $4, updated_at = $5, version = $6 where uuid = $1",
            person.Uuid, reason, reason is null ? null : by, reason is null ? null : edit.Now, edit.Now, after.Version).ExecuteAsync(cancellation);
        edit.Note(reason is null ? "released" : "held", after, [], reason ?? person.HoldReason);
        return after;
    }

    private static Task<int> MarkAsync(Edit edit, Person person, CancellationToken cancellation) =>
        edit.Transaction.Command(
            "update people set deleted_at = $2, updated_at = $3, version = $4 where uuid = $1", person.Uuid, person.DeletedAt, person.UpdatedAt, person.Version)
            .ExecuteAsync(cancellation);
}
