using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Web.Tests.Shop;

/// <summary>
/// Moves events between services as the platform's brokers do: takes what a service publishes to a topic and hands it to each subscriber,
/// in order, again and again until it is taken.
/// </summary>
internal sealed class EventBus : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentBag<Subscription> _subscriptions = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly WebApplication _app;

    private EventBus(WebApplication app) => _app = app;

    /// <summary>For SLIPWAY_EVENTS: below it each topic has its address.</summary>
    public string Url => $"{_app.Urls.Single()}/default";

    /// <summary>What a subscriber did not take at first; empty as long as everything goes well.</summary>
    public ConcurrentQueue<string> Refusals { get; } = [];

    public static async Task<EventBus> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var bus = new EventBus(app);
        app.Run(bus.TakeAsync);
        await app.StartAsync();
        return bus;
    }

    public void Subscribe(string topic, Uri service, string consumer)
    {
        var subscription = new Subscription(topic, new Uri(service, $"/events/{consumer}"), Channel.CreateUnbounded<string>());
        _subscriptions.Add(subscription);
        subscription.Delivering = DeliverAsync(subscription);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await Task.WhenAll(_subscriptions.Select(subscription => subscription.Delivering));
        await _app.DisposeAsync();
        _client.Dispose();
        _closing.Dispose();
    }

    private async Task TakeAsync(HttpContext http)
    {
        var topic = http.Request.Path.Value!.Split('/')[^1];
        using var document = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var told = document.RootElement;
        foreach (var happened in told.ValueKind == JsonValueKind.Array ? told.EnumerateArray().Select(item => item.GetRawText()) : [told.GetRawText()])
        {
            foreach (var subscription in _subscriptions.Where(subscription => subscription.Topic == topic))
            {
                await subscription.Waiting.Writer.WriteAsync(happened, http.RequestAborted);
            }
        }

        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task DeliverAsync(Subscription subscription)
    {
        try
        {
            await foreach (var happened in subscription.Waiting.Reader.ReadAllAsync(_closing.Token))
            {
                while (!await TryAsync(subscription.Door, happened))
                {
                    await Task.Delay(s_pause, TimeProvider.System, _closing.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The shop closes; what is still on its way belongs to no test any more.
        }
    }

    private async Task<bool> TryAsync(Uri door, string happened)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(happened));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        try
        {
            using var answer = await _client.PostAsync(door, content, _closing.Token);
            if (answer.IsSuccessStatusCode)
            {
                return true;
            }

            Refusals.Enqueue($"{door}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(_closing.Token)} for {happened}");
        }
        catch (HttpRequestException exception)
        {
            Refusals.Enqueue($"{door}: {exception.Message}");
        }

        return false;
    }

    private sealed record Subscription(string Topic, Uri Door, Channel<string> Waiting)
    {
        public Task Delivering { get; set; } = Task.CompletedTask;
    }
}
