using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using Retail.Payments.Endpoints;
using Retail.Payments.Operations;
using Retail.Payments.Payments;
using Retail.Payments.Provider;
using Slipway.Sdk.Database;

namespace Retail.Payments.Reconciling;

/// <summary>
/// Compares the last days with what the provider has on its list, keeps the report, and has every payment that differs looked at
/// again: what the bank did without our knowing is then made good by the ordinary rules.
/// </summary>
internal sealed partial class Reconciliation(Database database, IPaymentProvider provider, PaymentMetrics metrics, TimeProvider time, ILogger<Reconciliation> logger)
{
    private const int PagesMax = 200;
    private const int KeptMax = 500;

    /// <summary>What is younger is still on its way.</summary>
    private static readonly TimeSpan s_young = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(400);

    public async Task<ReconciliationDocument> RunAsync(TimeSpan back, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var since = now - back;
        var (theirs, complete) = await TheirsAsync(since, now - s_young, cancellation);
        var ours = await database.ReadAsync((connection, token) => OursAsync(connection, since, now - s_young, theirs, token), cancellation);
        var busy = await database.ReadAsync(
            (connection, token) => connection.Command("select distinct payment_id from operations where state = 'open'").ListAsync(row => row.GetGuid(0), token), cancellation);
        var settled = ours.Where(side => !busy.Contains(side.Payment.Id)).ToList();
        var unsettled = ours.Where(side => busy.Contains(side.Payment.Id)).Select(side => side.Payment.OrderId).ToHashSet();
        var differences = Comparison.Of(settled, [.. theirs.Where(intent => intent.OrderId is not { } order || !unsettled.Contains(order))]);
        var report = new ReconciliationDocument(
            Guid.CreateVersion7(now), now, since, theirs.Count, complete,
            [.. differences.Take(KeptMax).Select(found => new DifferenceDocument(found.Kind, found.PaymentId, found.OrderId, found.ProviderReference, found.Ours, found.Theirs))]);
        await database.WriteAsync((transaction, token) => KeepAsync(transaction, report, token), cancellation);
        metrics.Differs(differences.Count);
        if (differences.Count > 0)
        {
            LogDiffers(logger, differences.Count, theirs.Count);
        }

        return report;
    }

    public Task<ReconciliationDocument?> LatestAsync(CancellationToken cancellation) => database.ReadAsync(
        (connection, token) => connection.Command("select id, at, since, compared, complete, differences::text from reconciliations order by at desc limit 1").OneAsync(
            row => new ReconciliationDocument(
                row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetInt32(3), row.GetBoolean(4),
                JsonSerializer.Deserialize(row.GetString(5), PaymentsJson.Default.IReadOnlyListDifferenceDocument) ?? []),
            token),
        cancellation);

    private async Task<(List<ProviderIntent> Intents, bool Complete)> TheirsAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellation)
    {
        var all = new List<ProviderIntent>();
        string? after = null;
        for (var page = 0; page < PagesMax; page++)
        {
            var read = await provider.ListAsync(since, after, cancellation);
            all.AddRange(read.Intents.Where(intent => intent.CreatedAt <= until));
            after = read.Next;
            if (after is null)
            {
                return (all, true);
            }
        }

        return (all, false);
    }

    private static Task<List<OurSide>> OursAsync(NpgsqlConnection connection, DateTimeOffset since, DateTimeOffset until, List<ProviderIntent> theirs, CancellationToken cancellation) =>
        connection.Command(
            $"""
            select {PaymentRows.Columns}, coalesce((select sum(l.amount)::bigint from ledger_entries l where l.payment_id = p.id and l.account = 'provider_clearing'), 0)
            from payments p
            where (p.created_at between $1 and $2) or p.provider_reference = any($3) or p.order_id = any($4)
            """,
            since, until, theirs.Select(intent => intent.Reference), theirs.Select(intent => intent.OrderId).OfType<Guid>())
            .ListAsync(row => new OurSide(PaymentRows.Read(row), row.GetInt64(23)), cancellation);

    private static async Task KeepAsync(NpgsqlTransaction transaction, ReconciliationDocument report, CancellationToken cancellation)
    {
        await transaction.Command(
            "insert into reconciliations (id, at, since, compared, complete, differences) values ($1, $2, $3, $4, $5, $6)",
            report.Id, report.At, report.Since, report.Compared, report.Complete,
            Sql.Json(JsonSerializer.Serialize(report.Differences, PaymentsJson.Default.IReadOnlyListDifferenceDocument))).ExecuteAsync(cancellation);
        await transaction.Command("delete from reconciliations where at < $1", report.At - s_keep).ExecuteAsync(cancellation);
        foreach (var payment in report.Differences.Select(difference => difference.PaymentId).OfType<Guid>().Distinct())
        {
            await OperationRows.AddAsync(transaction, payment, OperationKind.Look, $"look:{report.Id}:{payment}", 0, null, null, report.At, cancellation);
        }
    }

    [LoggerMessage(EventId = 9204, Level = LogLevel.Error, Message = "Our books and the payment provider's differ in {Differences} places; {Compared} payments were compared")]
    private static partial void LogDiffers(ILogger logger, int differences, int compared);
}
