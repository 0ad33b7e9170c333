using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Sdk.Telemetry;

/// <summary>Sends the figures to a collector every minute, and once more at the end. They are sums, so one that gets lost is made good by the next.</summary>
internal sealed partial class FigureExport(MetricsRegistry metrics, OtlpSettings settings, OtlpTarget target, TimeProvider time, ILogger<FigureExport> log) : BackgroundService
{
    private readonly OtlpConnection _connection = new(target, time);
    private FigureDocument? _document;
    private bool _complained;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var since = time.GetUtcNow();
        _document = new FigureDocument(settings.Resource, since);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(settings.FigureInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await SendAsync(_document);
        }
    }

    public override void Dispose()
    {
        _connection.Dispose();
        base.Dispose();
    }

    private async Task SendAsync(FigureDocument document)
    {
        // Stopping must not wait longer for a collector than the last spans do.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), time);
        var answer = await _connection.SendAsync(document.Write(await metrics.SnapshotAsync(), time.GetUtcNow()), limit.Token);
        if (answer.Error is not null && !_complained)
        {
            LogNotTaken(answer.Error);
        }

        _complained = answer.Error is not null;
    }

    [LoggerMessage(EventId = 8602, Level = LogLevel.Warning, Message = "The collector does not take figures ({Error}); the next ones are sent in time")]
    private partial void LogNotTaken(string error);
}
