using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Eventing.Doors;
using Slipway.Model.Defaulting;
using Slipway.Model.Resources;
using Slipway.Model.Validation;
using Slipway.Store;

namespace Slipway.Eventing.Tests.Hosting;

/// <summary>The event bus on a port of its own over a real database, and a subscriber that a test plays.</summary>
internal sealed class RunningBus : IAsyncDisposable
{
    public const string AdminToken = "token-of-the-admin";
    public static readonly byte[] PlatformKey = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];

    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _subscriber;
    private readonly WebApplication _door;
    private readonly NpgsqlDataSource _database;
    private readonly Task _running;

    private RunningBus(NpgsqlDataSource database, ResourceStore store, EventBus bus, WebApplication door, WebApplication subscriber, Func<HttpContext, Task>[] answer)
    {
        (_database, Store, Bus, _door, _subscriber, AnswerSlot) = (database, store, bus, door, subscriber, answer);
        Client = new HttpClient { BaseAddress = AddressOf(door), Timeout = TimeSpan.FromSeconds(30) };
        _running = bus.RunAsync(_stopping.Token);
    }

    public ResourceStore Store { get; }

    public EventBus Bus { get; }

    public HttpClient Client { get; }

    public Uri Subscriber => AddressOf(_subscriber);

    /// <summary>What the subscriber does with a request.</summary>
    public Func<HttpContext, Task> Answer
    {
        set => AnswerSlot[0] = value;
    }

    private Func<HttpContext, Task>[] AnswerSlot { get; }

    public static async Task<RunningBus> StartAsync(TestDatabase database)
    {
        Func<HttpContext, Task>[] answer = [_ => Task.CompletedTask];
        var subscriber = await HostAsync(app => app.MapFallback((RequestDelegate)(http => answer[0](http))));
        var source = NpgsqlDataSource.Create(database.Address);
        var store = ResourceStore.InMemory(TimeProvider.System);
        var settings = new EventBusSettings
        {
            Address = new Uri("http://127.0.0.1:4000"),
            Gateway = AddressOf(subscriber),
            PlatformKey = PlatformKey,
            AdminToken = AdminToken,
        };
        var bus = new EventBus(settings, store, source, TimeProvider.System, NullLoggerFactory.Instance);
        await bus.OpenAsync(CancellationToken.None);
        var door = await HostAsync(app => app.MapEventBus(bus));
        return new RunningBus(source, store, bus, door, subscriber, answer);
    }

    /// <summary>Stores a manifest as the API would, defaulted and checked.</summary>
    public async Task<Resource> ApplyAsync(ResourceKind kind, string manifest)
    {
        var next = JsonNode.Parse(manifest)!.AsObject();
        next["metadata"]!["namespace"] ??= "default";
        Defaults.Apply(kind, next, null);
        Assert.Empty(Validator.Check(kind, next, null));
        var draft = Resource.FromJson(kind, next);
        var written = Store.Get(draft.Key) is { } known
            ? await Store.ReplaceAsync(draft.With(draft.Metadata with { ResourceVersion = known.Metadata.ResourceVersion }), WriteOptions.Default, default)
            : await Store.CreateAsync(draft, WriteOptions.Default, default);
        return written.Value;
    }

    public async Task BrokerAsync(string name, string annotations = "{}")
    {
        await ApplyAsync(Kinds.Broker, $$$"""{"metadata":{"name":"{{{name}}}","annotations":{{{annotations}}}},"spec":{}}""");
        await ReadyAsync(Kinds.Broker, name);
    }

    public async Task TriggerAsync(string name, string broker, string more = "")
    {
        await ApplyAsync(Kinds.Trigger, $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"broker":"{{{broker}}}","subscriber":{"uri":"{{{Subscriber}}}events/{{{name}}}"}{{{more}}}}}""");
        await ReadyAsync(Kinds.Trigger, name);
    }

    public Task ReadyAsync(ResourceKind kind, string name) => Eventually.TrueAsync(
        () => Status(kind, name).Contains("\"type\":\"Ready\",\"status\":\"True\"", StringComparison.Ordinal), $"{name} is ready");

    public string Status(ResourceKind kind, string name) =>
        Encoding.UTF8.GetString(Store.Get(new ResourceKey(kind, "default", name))!.RawField("status").Span);

    public async Task<(HttpStatusCode Code, JsonNode? Body)> SendAsync(
        HttpMethod method, string path, string? body = null, string type = "application/json", bool admin = false, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        if (admin)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public Task<(HttpStatusCode Code, JsonNode? Body)> PublishAsync(string broker, string id, string subject = "k", string data = "{}", string type = "slipway.test.thing.done.v1") => SendAsync(
        HttpMethod.Post, $"/default/{broker}", data, "application/json", false,
        ("ce-specversion", "1.0"), ("ce-id", id), ("ce-source", "/test"), ("ce-type", type), ("ce-subject", subject));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _door.DisposeAsync();
        await _stopping.CancelAsync();
        await _running;
        await Bus.DisposeAsync();
        await _subscriber.DisposeAsync();
        await Store.DisposeAsync();
        await _database.DisposeAsync();
        _stopping.Dispose();
    }

    private static async Task<WebApplication> HostAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = EventDoors.BodyBytesMax;
        });
        var app = builder.Build();
        app.UseRouting();
        map(app);
        await app.StartAsync();
        return app;
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
