using Microsoft.AspNetCore.Http;
using Npgsql;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Database;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Retries;
using Titanic.Api.Live;
using Titanic.Api.Tenants;

namespace Titanic.Api.Changes;

/// <summary>Runs writes: one transaction each, as one tenant, safe to repeat by key, audited, told to others, and made known after the commit.</summary>
internal sealed class Edits(Database database, AuditTrail audits, Outbox outbox, PeopleBoard board, TimeProvider time)
{
    public async Task<Reply> RunAsync(HttpContext http, Tenant tenant, Func<Edit, CancellationToken, Task<Reply>> effect, CancellationToken cancellation)
    {
        Edit? last = null;
        var reply = await Idempotent.RunAsync(
            http,
            database,
            async (transaction, token) =>
            {
                last = null;
                var edit = await BeginAsync(transaction, tenant, token);
                var answer = await effect(edit, token);
                if (answer.Status < 400)
                {
                    await FinishAsync(edit, (action, id) => AuditEntry.From(http, action, tenant.AuditTarget, id), token);
                    last = edit;
                }

                return answer;
            },
            cancellation);
        Publish(last);
        return reply;
    }

    /// <summary>The same for work in pieces, such as files, and for work that no request asks for.</summary>
    public async Task<T> RunAsync<T>(HttpContext? http, string by, Tenant tenant, Func<Edit, CancellationToken, Task<T>> effect, CancellationToken cancellation)
    {
        Edit? last = null;
        var result = await database.WriteAsync(
            async (transaction, token) =>
            {
                var edit = await BeginAsync(transaction, tenant, token);
                var value = await effect(edit, token);
                await FinishAsync(
                    edit,
                    (action, id) => http is null ? AuditEntry.BySystem(by, action, tenant.AuditTarget, id) : AuditEntry.From(http, action, tenant.AuditTarget, id),
                    token);
                last = edit;
                return value;
            },
            cancellation);
        Publish(last);
        return result;
    }

    private async Task<Edit> BeginAsync(NpgsqlTransaction transaction, Tenant tenant, CancellationToken cancellation)
    {
        await TenantData.ChooseAsync(transaction, tenant, cancellation);
        return new Edit(transaction, tenant, Moment());
    }

    private async Task FinishAsync(Edit edit, Func<string, string, AuditEntry> audit, CancellationToken cancellation)
    {
        if (edit.Load is { } load)
        {
            await audits.AppendAsync(edit.Transaction, audit("people.invented", edit.Tenant.Name) with { Reason = load }, cancellation);
        }

        if (edit.Changes.Count == 0)
        {
            return;
        }

        // Most of what happens to somebody says nothing personal, and who has nothing sealed needs no key.
        var sealing = edit.Changes.Where(change => change.Fields.Any(field => FieldChanges.IsPersonal(field.Pointer))).Select(change => change.Person.Uuid).ToList();
        var keys = sealing.Count == 0 ? new Dictionary<Guid, byte[]>() : await PersonKeys.TakeAsync(edit.Transaction, sealing, cancellation);
        if (edit.Purged.Length > 0)
        {
            await PersonKeys.DestroyAsync(edit.Transaction, edit.Purged, cancellation);
        }

        foreach (var change in edit.Changes)
        {
            var (id, version) = (change.Person.Uuid, change.Person.Version);
            await audits.AppendAsync(
                edit.Transaction,
                audit("person." + change.Action, id.ToString()) with { Changes = [.. change.Fields.Select(field => FieldChanges.Seal(field, keys.GetValueOrDefault(id), id))], Reason = change.Reason },
                cancellation);
            await edit.Transaction.AtCommitAsync(
                "insert into person_changes (uuid, passenger_id, action, version, at) values ($1, $2, $3, $4, $5)",
                cancellation, id, change.Person.PassengerId, change.Action, version, edit.Now);
            if (PersonFacts.Of(edit.Tenant, change) is { } fact)
            {
                await outbox.AddAsync(edit.Transaction, fact, cancellation);
            }
        }
    }

    private void Publish(Edit? edit)
    {
        if (edit is not null)
        {
            board.Post(edit);
        }
    }

    /// <summary>Instants travel with milliseconds; what is stored must not be finer than what is told.</summary>
    private DateTimeOffset Moment()
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }
}
