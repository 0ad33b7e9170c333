using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Telemetry.Alerts.Keeping;

/// <summary>Says in a resource's status what became of it, only when that is something new.</summary>
internal static class ResourceStatus
{
    /// <summary>A claim that says the same as before keeps its time.</summary>
    public static Condition Claim(IReadOnlyList<Condition>? former, string type, bool holds, string? reason, string? message, DateTimeOffset now, string? severity = null)
    {
        var before = former?.FirstOrDefault(condition => condition.Type == type);
        var says = new Condition
        {
            Type = type,
            Status = holds ? ConditionStatus.True : ConditionStatus.False,
            Reason = reason,
            Message = message,
            Severity = severity,
            LastTransitionTime = before?.LastTransitionTime,
        };
        return before is not null && says == before ? before : says with { LastTransitionTime = now };
    }

    public static async Task<Failure?> WriteAsync(IResourceStore store, Resource resource, byte[] status, CancellationToken cancellation)
    {
        var next = resource.WithRaw("status", status);
        if (next.RawField("status").Span.SequenceEqual(resource.RawField("status").Span))
        {
            return null;
        }

        var written = await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
        return written.Failure is { Kind: not FailureKind.NotFound } failure ? failure : null;
    }
}
