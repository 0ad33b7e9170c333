using Slipway.Model.Failures;
using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>Asks for images with a limit on every question, because a worker waits for the answer.</summary>
internal sealed class PatientImages(IImages images, TimeProvider time) : IImages
{
    private static readonly TimeSpan s_resolveLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_prepareLimit = TimeSpan.FromMinutes(5);

    public Task<Outcome<string>> ResolveAsync(string reference, CancellationToken cancellation) =>
        LimitAsync(s_resolveLimit, limited => images.ResolveAsync(reference, limited), $"The registry of \"{reference}\" did not answer in time.", cancellation);

    public Task<Outcome<RunnableImage>> PrepareAsync(string digestReference, CancellationToken cancellation) =>
        LimitAsync(s_prepareLimit, limited => images.PrepareAsync(digestReference, limited), $"Fetching and unpacking \"{digestReference}\" took too long.", cancellation);

    private async Task<Outcome<T>> LimitAsync<T>(
        TimeSpan limit, Func<CancellationToken, Task<Outcome<T>>> ask, string late, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            return await ask(limited.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new Failure(FailureKind.Unavailable, "registry-unreachable", late);
        }
    }
}
