using Slipway.Api.Pods;
using Slipway.Model.Failures;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Instances;

namespace Slipway.Server.Joints;

/// <summary>Deleting a Pod takes its instance out of rotation, lets its requests finish and stops it; the fleet replaces it where one is wanted.</summary>
internal sealed class RecyclerJoint(IInstanceDriver driver, ITrafficGate gate, CancellationToken stopping) : IInstanceRecycler
{
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    public Task<Outcome<bool>> RecycleAsync(string @namespace, string podName, TimeSpan? grace, CancellationToken cancellation)
    {
        var found = driver.List().Any(instance => instance.Id == podName && instance.Spec.Namespace == @namespace);
        if (!found)
        {
            return Task.FromResult<Outcome<bool>>(new Failure(FailureKind.NotFound, "instance-not-found", $"There is no instance {podName} in namespace {@namespace}."));
        }

        _ = Task.Run(() => StopAsync(podName, grace ?? s_grace), CancellationToken.None);
        return Task.FromResult<Outcome<bool>>(true);
    }

    private async Task StopAsync(string id, TimeSpan grace)
    {
        await gate.DrainAsync(id, s_drain, stopping);
        await driver.StopAsync(id, grace, CancellationToken.None);
    }
}
