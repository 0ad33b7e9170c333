using Microsoft.Extensions.Logging;
using Slipway.Sdk.Database;
using Slipway.Sdk.Notices;
using Titanic.Api.Changes;
using Titanic.Api.People;
using Titanic.Api.Tenants;

namespace Titanic.Api.Retention;

/// <summary>
/// <c>retain</c>: removes for good who was deleted thirty days ago, except those a legal hold keeps. Their keys go with them, so what the audit
/// trail says of them cannot be read any more, in no backup either that is younger than the key's destruction.
/// </summary>
internal sealed partial class Retain(Edits edits, Tenants.Tenants tenants, InstanceNotices others, TimeProvider time, ILogger<Retain> logger)
{
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    /// <summary>Readers of the feed who were away for longer read the list anew.</summary>
    private static readonly TimeSpan s_keepChanges = TimeSpan.FromDays(2);

    /// <summary>Files whose sender never came back.</summary>
    private static readonly TimeSpan s_keepImports = TimeSpan.FromDays(30);

    private const int Together = 200;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        foreach (var tenant in tenants.All)
        {
            var purged = 0;
            for (int batch; (batch = await edits.RunAsync(null, "retain", tenant, PurgeAsync, cancellation)) > 0;)
            {
                purged += batch;
            }

            await edits.RunAsync(null, "retain", tenant, ForgetAsync, cancellation);
            LogPurged(logger, purged, tenant.Name);
        }

        await others.AnnounceEverythingAsync(cancellation);

        return 0;
    }

    private async Task<int> PurgeAsync(Edit edit, CancellationToken cancellation)
    {
        var due = await edit.Transaction.Command(
            $"select {PersonRows.Columns} from people p where p.deleted_at < $1 and p.hold_reason is null order by p.deleted_at, p.passenger_id limit {Together} for update skip locked",
            time.GetUtcNow() - Keep).ListAsync(PersonRows.Read, cancellation);
        if (due.Count == 0)
        {
            return 0;
        }

        var ids = due.Select(person => person.Uuid).ToArray();
        await edit.Transaction.Command("delete from people where uuid = any($1)", ids).ExecuteAsync(cancellation);
        foreach (var person in due)
        {
            edit.Note("purged", person with { Version = person.Version + 1 }, []);
        }

        edit.Purged = ids;
        return due.Count;
    }

    private async Task<int> ForgetAsync(Edit edit, CancellationToken cancellation)
    {
        var changes = await edit.Transaction.Command("delete from person_changes where at < $1", time.GetUtcNow() - s_keepChanges).ExecuteAsync(cancellation);
        return changes + await edit.Transaction.Command("delete from imports where updated_at < $1", time.GetUtcNow() - s_keepImports).ExecuteAsync(cancellation);
    }

    [LoggerMessage(EventId = 9502, Level = LogLevel.Information, Message = "{People} records of {Tenant} were removed for good")]
    private static partial void LogPurged(ILogger logger, int people, string tenant);
}
