using Npgsql;
using Slipway.Sdk.Auditing;
using Titanic.Api.People;
using Titanic.Api.Tenants;

namespace Titanic.Api.Changes;

/// <summary>One thing that happened to a person within an edit.</summary>
/// <param name="Action">In the past tense: created, updated, deleted, restored, held, released.</param>
/// <param name="Reason">Why, where somebody said it.</param>
internal sealed record PersonChange(string Action, Person Person, IReadOnlyList<AuditChange> Fields, string? Reason = null);

/// <summary>One write while it runs: its transaction, whose people it is about, when it is, and what happened so far.</summary>
internal sealed class Edit(NpgsqlTransaction transaction, Tenant tenant, DateTimeOffset now)
{
    private readonly List<PersonChange> _changes = [];

    public NpgsqlTransaction Transaction => transaction;

    public Tenant Tenant => tenant;

    public DateTimeOffset Now => now;

    public IReadOnlyList<PersonChange> Changes => _changes;

    /// <summary>Everything may have changed, and it was not written down one by one: a load of made-up people.</summary>
    public bool Everything { get; set; }

    /// <summary>What the audit trail says of such a load: how it can be made again.</summary>
    public string? Load { get; set; }

    /// <summary>Whose keys go with this edit.</summary>
    public Guid[] Purged { get; set; } = [];

    public void Note(string action, Person person, IReadOnlyList<AuditChange> fields, string? reason = null) =>
        _changes.Add(new PersonChange(action, person, fields, reason));
}
