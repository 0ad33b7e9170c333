using Slipway.Control.Metering;
using Slipway.Model.Failures;

namespace Slipway.Api.Tests.Platform.World;

/// <summary>A ledger of rows in a list, with the order and the filters the real one promises.</summary>
internal sealed class ListedUsage : IUsageLedger
{
    public List<UsageRow> Usage { get; } = [];

    public List<MetricRow> Metrics { get; } = [];

    public Failure? Failure { get; set; }

    public Task<Outcome<IReadOnlyList<UsageRow>>> QueryAsync(UsageQuery query, CancellationToken cancellation) => Task.FromResult(Failure is { } failure
        ? failure
        : Page(
            Usage.Where(row => (query.UserId is null || row.UserId == query.UserId)
                && (query.Namespace is null || row.Namespace == query.Namespace)
                && (query.ServiceId is null || row.ServiceId == query.ServiceId)
                && (query.Service is null || row.Service == query.Service)
                && (query.ContainerId is null || row.ContainerId == query.ContainerId)
                && (query.From is null || row.PeriodEnd > query.From)
                && (query.To is null || row.PeriodStart < query.To)),
            row => row.Position,
            query.After,
            query.Limit));

    public Task<Outcome<IReadOnlyList<MetricRow>>> MetricsAsync(MetricsQuery query, CancellationToken cancellation) => Task.FromResult(Failure is { } failure
        ? failure
        : Page(
            Metrics.Where(row => (query.Namespace is null || row.Namespace == query.Namespace)
                && (query.ServiceId is null || row.ServiceId == query.ServiceId)
                && (query.Service is null || row.Service == query.Service)
                && (query.From is null || row.Timestamp > query.From)
                && (query.To is null || row.PeriodStart < query.To)),
            row => row.Position,
            query.After,
            query.Limit));

    private static Outcome<IReadOnlyList<T>> Page<T>(IEnumerable<T> rows, Func<T, RowPosition> positionOf, RowPosition? after, int limit) => rows
        .OrderBy(row => positionOf(row).At)
        .ThenBy(row => positionOf(row).Id)
        .Where(row => after is null || positionOf(row).At > after.At || (positionOf(row).At == after.At && positionOf(row).Id.CompareTo(after.Id) > 0))
        .Take(limit)
        .ToList();
}
