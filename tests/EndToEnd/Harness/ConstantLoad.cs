using System.Collections.Concurrent;

namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>
/// Requests at a steady pace, whatever happens to the earlier ones, and a record of every one that did not succeed.
/// </summary>
internal sealed class ConstantLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly HttpClient _http;
    private readonly Uri _url;
    private readonly Task _pacing;
    private int _succeeded;

    public ConstantLoad(HttpClient http, Uri url, int perSecond)
    {
        _http = http;
        _url = url;
        _pacing = PaceAsync(TimeSpan.FromSeconds(1) / perSecond);
    }

    public int Succeeded => Volatile.Read(ref _succeeded);

    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Sends no more and waits for the answers that are still to come.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _pacing;
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task PaceAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                _running.Add(SendAsync());
            }
        }
        catch (OperationCanceledException)
        {
            // The scene is over.
        }
    }

    private async Task SendAsync()
    {
        try
        {
            using var response = await _http.GetAsync(_url, CancellationToken.None);
            var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
            if (response.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref _succeeded);
            }
            else
            {
                _failures.Enqueue($"{(int)response.StatusCode} {text}");
            }
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
        {
            _failures.Enqueue(error.Message);
        }
    }
}
