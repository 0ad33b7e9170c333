namespace Slipway.Telemetry.Metrics.Reading;

/// <summary>How many samples a question may still have; used by all threads that work on it.</summary>
internal sealed class ReadBudget(long samplesMax, CancellationToken cancellation)
{
    private long _spent;

    /// <exception cref="ReadLimitException">There were fewer left.</exception>
    public void Spend(int samples)
    {
        if (Interlocked.Add(ref _spent, samples) > samplesMax)
        {
            throw new ReadLimitException($"the question needs more than {samplesMax} samples; ask for fewer series, a shorter time, or larger steps");
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
