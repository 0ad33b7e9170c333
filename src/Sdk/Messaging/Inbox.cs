using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Sdk.Messaging;

/// <summary>Keeps an event that arrives twice from having its effect twice.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "Injected like the other parts of the database side.")]
public sealed class Inbox
{
    internal Inbox()
    {
    }

    /// <summary>True the first time. The note is part of the transaction, so a failed effect leaves the event to be handled again.</summary>
    public async Task<bool> TryEnterAsync(NpgsqlTransaction transaction, string consumer, string eventId, CancellationToken cancellation) =>
        await transaction.Command("insert into slipway.inbox (consumer, event_id) values ($1, $2) on conflict do nothing", consumer, eventId).ExecuteAsync(cancellation) == 1;
}
