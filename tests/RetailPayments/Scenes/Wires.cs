using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailPayments.Tests.Scenes;

internal static class Deliver
{
    public static async Task<Answer> EventAsync(HttpClient client, string type, Guid order, string data, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events/orders") { Content = new StringContent(data, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in new[] { ("ce-specversion", "1.0"), ("ce-id", id), ("ce-source", "/retail/orders"), ("ce-type", type), ("ce-subject", order.ToString()) })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Answer.OfAsync(client, request);
    }
}

internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"Waited in vain: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);
}

/// <summary>Takes the place of the broker and keeps what was published.</summary>
public sealed class EventBus : IAsyncDisposable
{
    private readonly ConcurrentQueue<Told> _told = new();
    private Neighbour _neighbour = null!;

    public Uri Address => _neighbour.Address;

    public static async Task<EventBus> StartAsync()
    {
        var bus = new EventBus();
        bus._neighbour = await Neighbour.StartAsync(bus.TakeAsync);
        return bus;
    }

    public IReadOnlyList<Told> Of(Guid order) => [.. _told.Where(told => told.Subject == order.ToString()).DistinctBy(told => told.Id)];

    public IReadOnlyList<string> TypesOf(Guid order) => [.. Of(order).Select(told => told.Type.Split('.')[^2])];

    public async Task<JsonElement> UntilAsync(Guid order, string type, int count = 1)
    {
        await Eventually.TrueAsync(() => Of(order).Count(told => told.Type == type) >= count, $"{type} of {order}; so far: {string.Join(", ", TypesOf(order))}");
        return Of(order).Where(told => told.Type == type).ElementAt(count - 1).Data;
    }

    public ValueTask DisposeAsync() => _neighbour.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var document = await JsonDocument.ParseAsync(http.Request.Body);
        var events = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().ToList() : [document.RootElement];
        foreach (var told in events)
        {
            _told.Enqueue(new Told(
                http.Request.Path.Value!.Split('/')[^1], told.GetProperty("id").GetString()!, told.GetProperty("type").GetString()!, told.GetProperty("subject").GetString()!,
                told.GetProperty("data").Clone()));
        }

        http.Response.StatusCode = 202;
    }

    public sealed record Told(string Topic, string Id, string Type, string Subject, JsonElement Data);
}

/// <summary>The wire from payments to the bank. It can lose answers, or hold them.</summary>
public sealed class ProviderLine : IAsyncDisposable
{
    private readonly HttpClient _bank;
    private Neighbour _neighbour = null!;
    private int _losing;
    private int _asked;

    private ProviderLine(Uri bank) => _bank = new HttpClient { BaseAddress = bank, Timeout = TimeSpan.FromSeconds(60) };

    public Uri Address => _neighbour.Address;

    /// <summary>True: the bank cannot be reached at all.</summary>
    public bool Cut { get; set; }

    /// <summary>Answers to POSTs are held back until this ends.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>POSTs that have reached the bank and been answered by it.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public static async Task<ProviderLine> StartAsync(Uri bank)
    {
        var line = new ProviderLine(bank);
        line._neighbour = await Neighbour.StartAsync(line.PassAsync);
        return line;
    }

    /// <summary>So many answers to POSTs get lost after the bank has done what it was asked.</summary>
    public void LoseAnswers(int count) => Volatile.Write(ref _losing, count);

    public async ValueTask DisposeAsync()
    {
        _bank.Dispose();
        await _neighbour.DisposeAsync();
    }

    private async Task PassAsync(HttpContext http)
    {
        if (Cut)
        {
            http.Abort();
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.Path + http.Request.QueryString);
        if (http.Request.ContentLength is > 0)
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        }

        foreach (var name in new[] { "Authorization", "Idempotency-Key", "X-Request-Timeout-Ms" })
        {
            if (http.Request.Headers.TryGetValue(name, out var value))
            {
                request.Headers.TryAddWithoutValidation(name, value.ToString());
            }
        }

        using var answer = await _bank.SendAsync(request, http.RequestAborted);
        var text = await answer.Content.ReadAsByteArrayAsync();
        if (HttpMethods.IsPost(http.Request.Method))
        {
            Interlocked.Increment(ref _asked);
            if (Hold is { } hold)
            {
                await hold.Task.WaitAsync(http.RequestAborted);
            }

            if (Interlocked.Decrement(ref _losing) >= 0)
            {
                http.Abort();
                return;
            }
        }

        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await http.Response.Body.WriteAsync(text);
    }
}

/// <summary>The wire from the bank back to payments. It can keep messages, and send them again in any order.</summary>
public sealed class WebhookLine : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Signature, string Body)> _kept = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private Neighbour _neighbour = null!;

    public Uri Address => _neighbour.Address;

    public Uri? Receiver { get; set; }

    /// <summary>True: what comes is kept and goes no further.</summary>
    public bool Swallow { get; set; }

    public IReadOnlyList<(string Signature, string Body)> Kept => [.. _kept];

    public static async Task<WebhookLine> StartAsync()
    {
        var line = new WebhookLine();
        line._neighbour = await Neighbour.StartAsync(line.PassAsync);
        return line;
    }

    public async Task<int> SendAsync(string signature, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Receiver!, "/api/v1/payments/webhook")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        using var answer = await _client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _neighbour.DisposeAsync();
    }

    private async Task PassAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var (signature, body) = (http.Request.Headers["Stripe-Signature"].ToString(), await reader.ReadToEndAsync());
        _kept.Enqueue((signature, body));
        http.Response.StatusCode = Swallow ? 200 : Receiver is null ? 503 : await SendAsync(signature, body);
    }
}
