using Slipway.Control.Metering;
using Slipway.Model.Failures;
namespace Slipway.Server.Joints;
internal sealed class NoLedger : IUsageLedger
{
    private static readonly Failure s_none = new(FailureKind.Unavailable, "ledger-unavailable", "not kept");
    public Task<Outcome<IReadOnlyList<UsageRow>>> QueryAsync(UsageQuery query, CancellationToken cancellation) => Task.FromResult<Outcome<IReadOnlyList<UsageRow>>>(s_none);
    public Task<Outcome<IReadOnlyList<MetricRow>>> MetricsAsync(MetricsQuery query, CancellationToken cancellation) => Task.FromResult<Outcome<IReadOnlyList<MetricRow>>>(s_none);
}
