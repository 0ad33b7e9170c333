using Microsoft.AspNetCore.Http;
using Npgsql;
using Retail.Catalog.Categories;
using Retail.Catalog.Live;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Retries;

namespace Retail.Catalog.Products;

/// <summary>Runs writes: one transaction each, safe to repeat by key, audited, and made known after the commit.</summary>
internal sealed class Writings(Database database, NoticeBoard board, AuditTrail audits, ProductMetrics metrics, TimeProvider time)
{
    public async Task<Reply> RunAsync(HttpContext http, Func<Writing, CancellationToken, Task<Reply>> effect, CancellationToken cancellation)
    {
        Writing? last = null;
        var caller = http.Caller();
        var reply = await Idempotent.RunAsync(
            http,
            database,
            async (transaction, token) =>
            {
                last = null;
                var writing = await BeginAsync(transaction, caller.Subject, (action, id) => AuditEntry.From(http, action, "product", id), token);
                var answer = await effect(writing, token);
                if (answer.Status < 400)
                {
                    await FinishAsync(writing, token);
                    last = writing;
                }

                return answer;
            },
            cancellation);
        Publish(last);
        return reply;
    }

    /// <summary>The same for work in pieces, such as files, and for work that no request asks for.</summary>
    public async Task<T> RunAsync<T>(HttpContext? http, string by, Func<Writing, CancellationToken, Task<T>> effect, CancellationToken cancellation)
    {
        Writing? last = null;
        var result = await database.WriteAsync(
            async (transaction, token) =>
            {
                var writing = await BeginAsync(
                    transaction, by,
                    (action, id) => http is null ? AuditEntry.BySystem(by, action, "product", id) : AuditEntry.From(http, action, "product", id), token);
                var value = await effect(writing, token);
                await FinishAsync(writing, token);
                last = writing;
                return value;
            },
            cancellation);
        Publish(last);
        return result;
    }

    private async Task<Writing> BeginAsync(NpgsqlTransaction transaction, string by, Func<string, string, AuditEntry> audit, CancellationToken cancellation) =>
        new(transaction, await CategoryShelf.ReadAsync(transaction.Connection!, cancellation), by, Moment(), audit);

    private async Task FinishAsync(Writing writing, CancellationToken cancellation)
    {
        foreach (var entry in writing.Audits)
        {
            await audits.AppendAsync(writing.Transaction, entry, cancellation);
        }
    }

    private void Publish(Writing? writing)
    {
        if (writing is { Notices.Count: > 0 })
        {
            board.Post(writing.Notices);
            metrics.Count(writing.Notices);
        }
    }

    /// <summary>Instants travel with milliseconds; what is stored must not be finer than what is told.</summary>
    private DateTimeOffset Moment()
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }
}
