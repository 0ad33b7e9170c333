using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Metering;

/// <summary>
/// Measures every instance at regular times and appends what it used to the ledger. Rows wait in a bounded buffer while
/// the database is away. Nothing is measured before the positions of the life before are known: the kernel goes on
/// counting meanwhile, so nothing of it is lost.
/// </summary>
public sealed class UsageMeter : IDisposable
{
    private readonly MeterSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LedgerWriter _writer;
    private readonly MeterSampler _sampler;
    private readonly SampleBuffer _buffer;
    private bool _opened;
    private bool _away;
    private DateTimeOffset _cleanedAt = DateTimeOffset.MinValue;

    public UsageMeter(
        IInstanceDriver driver, ITrafficCounters traffic, NpgsqlDataSource database, MeterSettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _time = time;
        _logger = loggers.CreateLogger<UsageMeter>();
        _writer = new LedgerWriter(database);
        _sampler = new MeterSampler(driver, traffic, time, NewId);
        _buffer = new SampleBuffer(settings.BufferedRowsMax, NewId);
    }

    /// <summary>Rows that wait for the database.</summary>
    public int Waiting => _buffer.Count;

    /// <summary>Measures until it is told to stop, and then once more.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_settings.Interval, _time);
        try
        {
            do
            {
                await RoundAsync(stopping);
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop: the last round is below.
        }

        await RoundAsync(CancellationToken.None);
    }

    /// <summary>One measurement, and everything that waits goes to the database if it answers.</summary>
    public async Task RoundAsync(CancellationToken cancellation)
    {
        if (!_opened && !await TryAsync(OpenAsync, cancellation))
        {
            return;
        }

        var (usage, metrics) = _sampler.Take();
        _buffer.Add(usage, metrics);
        while (_buffer.Count > 0)
        {
            var next = _buffer.Next(_settings.RowsPerWrite);
            if (!await TryAsync(limit => _writer.StoreAsync(next.Usage, next.Metrics, limit), cancellation))
            {
                return;
            }

            _buffer.Stored();
        }

        var now = _time.GetUtcNow();
        if (now - _cleanedAt >= _settings.CleaningInterval && await TryAsync(limit => _writer.ForgetAsync(now - _settings.Retention, limit), cancellation))
        {
            _cleanedAt = now;
        }
    }

    public void Dispose() => _sampler.Dispose();

    private async Task OpenAsync(CancellationToken cancellation)
    {
        _sampler.GoOnFrom(await _writer.OpenAsync(cancellation));
        _opened = true;
    }

    /// <summary>False when the database does not answer; said once per outage.</summary>
    private async Task<bool> TryAsync(Func<CancellationToken, Task> call, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(_settings.DatabaseTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await call(limit.Token);
        }
        catch (Exception failed) when (failed is NpgsqlException or TimeoutException || (failed is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            if (!_away)
            {
                _logger.LedgerAway(failed.Message, _settings.BufferedRowsMax);
            }

            _away = true;
            return false;
        }

        if (_away)
        {
            _logger.LedgerBack(_buffer.Count);
        }

        _away = false;
        return true;
    }

    /// <summary>Ids grow with time, so rows of one instant stay together in the indexes.</summary>
    private Guid NewId() => Guid.CreateVersion7(_time.GetUtcNow());
}
