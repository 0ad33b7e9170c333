using System.Globalization;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Database;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Titanic.Api.Changes;
using Titanic.Api.Tenants;

namespace Titanic.Api.Auditing;

/// <summary>Which entries of the trail somebody wants to see.</summary>
internal sealed record AuditQuestion(string? Person, string? Actor, string? Action);

/// <summary>Reads the trail of one tenant's people, with personal values opened for as long as the person's key is there.</summary>
internal sealed class PeopleAudit(AuditTrail trail, TenantData data, Cursors cursors)
{
    public async Task<Outcome<AuditPage>> ReadAsync(Tenant tenant, AuditQuestion asked, PageRequest page, bool withActors, CancellationToken cancellation)
    {
        var binding = $"{tenant.Name}|{asked}|{withActors}";
        if (!cursors.Read(page, binding).Is(out var keys, out var problem))
        {
            return problem;
        }

        var records = await trail.ListAsync(
            new AuditQuery
            {
                TargetType = tenant.AuditTarget,
                TargetId = asked.Person,
                ActorId = asked.Actor,
                Action = asked.Action,
                Before = keys is [var at, var id] ? (DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), Guid.Parse(id)) : null,
                Limit = page.Limit,
            },
            cancellation);
        var people = records.Select(record => Guid.TryParse(record.Entry.TargetId, out var person) ? person : Guid.Empty).Where(person => person != Guid.Empty).Distinct().ToArray();
        var opened = people.Length == 0
            ? []
            : await data.ListAsync(tenant, "personKeys", new Question(PersonKeys.FindMany, people), row => (Id: row.GetGuid(0), Key: row.GetFieldValue<byte[]>(1)), cancellation);
        var keyOf = opened.ToDictionary(pair => pair.Id, pair => pair.Key);
        var next = records.Count == page.Limit
            ? cursors.Write(page, binding, records[^1].At.ToString("O", CultureInfo.InvariantCulture), records[^1].Id.ToString())
            : null;
        return new AuditPage([.. records.Select(record => AuditDocument.Of(record, keyOf, withActors))], new Page(page.Limit, next, null, null));
    }
}
