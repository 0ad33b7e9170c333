using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Auditing;

namespace Todo.Api.Changes;

/// <summary>
/// Writes down in the audit trail who made, shared, changed or removed lists. What happens to single todos stands in their own history,
/// which ends with them.
/// </summary>
internal sealed class ChangeAudit(AuditTrail trail)
{
    public async Task AppendAsync(HttpContext http, Edit edit, CancellationToken cancellation)
    {
        foreach (var change in edit.Changes)
        {
            if (change.Kind is ChangeKind.List or ChangeKind.Member && change.OnlyFor is null)
            {
                var entry = AuditEntry.From(http, $"{change.Kind}.{change.Action}", "list", change.List.ToString());
                await trail.AppendAsync(
                    edit.Transaction,
                    change.Kind == ChangeKind.Member ? entry with { Changes = [new AuditChange($"/members/{change.Subject}", null, change.Action)] } : entry,
                    cancellation);
            }
        }
    }
}
