using Slipway.Model.Failures;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Parts;

/// <summary>Answers for a store that may be away; then every question fails, and rules say so instead of resolving what they cannot see.</summary>
internal sealed class LateExpressions(string name, Func<IExpressions?> store) : IExpressions
{
    public Outcome<QueryResult> Instant(string expression, long at, CancellationToken cancellation) =>
        store() is { } expressions ? expressions.Instant(expression, at, cancellation) : Away();

    public Outcome<QueryResult> Range(string expression, long from, long to, long step, CancellationToken cancellation) =>
        store() is { } expressions ? expressions.Range(expression, from, to, step, cancellation) : Away();

    private Failure Away() => new(FailureKind.Unavailable, "store-away", $"{name} cannot be asked now");
}
