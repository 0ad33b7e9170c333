namespace Slipway.Sdk.Health;

/// <summary>
/// What the checks said last. Good news counts for five seconds, bad news for half a second only, since a service that has
/// just got its database back should not wait to say so. However many ask, one round of checks runs at a time.
/// </summary>
internal sealed class HealthState(HealthChecks checks, IServiceProvider services, TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_freshFailure = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    // A check that notices its limit can still say what it was waiting for.
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private Task<IReadOnlyList<CheckResult>>? _running;
    private long _runningSince;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public Task<IReadOnlyList<CheckResult>> ResultsAsync()
    {
        lock (_gate)
        {
            if (_running is null || (_running.IsCompleted && time.GetElapsedTime(_runningSince) >= FreshFor(_running.Result)))
            {
                _runningSince = time.GetTimestamp();
                _running = RunAllAsync();
            }

            return _running;
        }
    }

    private static TimeSpan FreshFor(IReadOnlyList<CheckResult> results) =>
        results.Any(result => result.Failure is not null) ? s_freshFailure : s_fresh;

    private async Task<IReadOnlyList<CheckResult>> RunAllAsync() =>
        checks.All.Count == 0 ? [] : await Task.WhenAll(checks.All.Select(RunAsync));

    private async Task<CheckResult> RunAsync(HealthCheck check)
    {
        var began = time.GetTimestamp();
        string? failure;
        using var limit = new CancellationTokenSource(s_limit, time);
        try
        {
            failure = await check.Run(services, limit.Token).WaitAsync(s_limit + s_lastWords, time);
        }
        catch (Exception exception) when (exception is TimeoutException || limit.IsCancellationRequested)
        {
            failure = $"no answer within {s_limit.TotalSeconds:0} s";
        }
        catch (Exception exception)
        {
            // A check that breaks is a failed check; its message is for operators and tells the kind only.
            failure = exception.GetType().Name;
        }

        return new CheckResult(check.Name, check.Critical, failure, time.GetElapsedTime(began).TotalMilliseconds);
    }
}
