using Slipway.Sdk.Auditing;

namespace Titanic.Api.Auditing;

/// <summary><c>verify-audit</c>: looks at every link of the trail, for a job that should fail when one does not hold.</summary>
internal sealed class VerifyAudit(AuditTrail trail)
{
    public async Task<AuditVerdict> LookAsync(CancellationToken cancellation)
    {
        var outcome = await trail.VerifyAsync(cancellation);
        return outcome.Is(out var entries, out var problem) ? new AuditVerdict(true, entries, null) : new AuditVerdict(false, null, problem.Detail);
    }

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var verdict = await LookAsync(cancellation);
        await (verdict.Holds ? Console.Out : Console.Error).WriteLineAsync(verdict.Holds ? $"All {verdict.Entries} entries hold." : verdict.Detail);
        return verdict.Holds ? 0 : 1;
    }
}
