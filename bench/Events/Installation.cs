using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Eventing;
using Slipway.Eventing.Doors;
using Slipway.Model.Defaulting;
using Slipway.Model.Resources;
using Slipway.Store;
using Slipway.Store.Postgres;
using System.Text.Json.Nodes;

namespace Slipway.Events.Bench;

/// <summary>The event bus as the server composes it, over an embedded PostgreSQL that really waits for its disk.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ResourceStore _store = ResourceStore.InMemory(TimeProvider.System);
    private WebApplication? _door;
    private WebApplication? _subscriber;
    private EventBus? _bus;
    private Task _running = Task.CompletedTask;

    public DatabaseServer Database { get; private set; } = null!;

    public Uri Door { get; private set; } = null!;

    /// <summary>What the subscriber does with the data of an event.</summary>
    public Action<ReadOnlyMemory<byte>> Handle { get; set; } = _ => { };

    public async Task StartAsync()
    {
        var tools = Environment.GetEnvironmentVariable("SLIPWAY_TOOLS") is { Length: > 0 } named ? named : Path.Combine(Directory.GetCurrentDirectory(), "artifacts");
        var options = new DatabaseOptions { StateFolder = _folder, ToolsFolder = tools, SearchPath = Environment.GetEnvironmentVariable("PATH") };
        Database = DatabaseServer.Create(options, TimeProvider.System, NullLoggerFactory.Instance).Value;
        if (await Database.StartAsync(CancellationToken.None) is { } failure)
        {
            throw new InvalidOperationException(failure.Detail);
        }

        var (subscriber, subscriberAddress) = await HostAsync(app => app.MapFallback((RequestDelegate)ReceiveAsync));
        _subscriber = subscriber;
        var settings = new EventBusSettings
        {
            Address = new Uri("http://127.0.0.1:4000"),
            Gateway = subscriberAddress,
            PlatformKey = new byte[32],
            AdminToken = "admin",
        };
        var bus = new EventBus(settings, _store, Database.Platform, TimeProvider.System, NullLoggerFactory.Instance);
        _bus = bus;
        await bus.OpenAsync(CancellationToken.None);
        (_door, Door) = await HostAsync(app => app.MapEventBus(bus));
        _running = bus.RunAsync(_stopping.Token);
        await CreateAsync(Kinds.Broker, """{"metadata":{"name":"append","namespace":"default"},"spec":{}}""");
        await CreateAsync(Kinds.Broker, """{"metadata":{"name":"deliver","namespace":"default"},"spec":{}}""");
        await CreateAsync(
            Kinds.Trigger, $$$"""{"metadata":{"name":"t","namespace":"default"},"spec":{"broker":"deliver","subscriber":{"uri":"{{{subscriberAddress}}}"} } }""");
        foreach (var key in new[] { new ResourceKey(Kinds.Broker, "default", "append"), new ResourceKey(Kinds.Trigger, "default", "t") })
        {
            while (!System.Text.Encoding.UTF8.GetString(_store.Get(key)!.RawField("status").Span).Contains("\"type\":\"Ready\",\"status\":\"True\"", StringComparison.Ordinal))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_door is not null)
        {
            await _door.DisposeAsync();
        }

        await _stopping.CancelAsync();
        await _running;
        if (_bus is not null)
        {
            await _bus.DisposeAsync();
        }

        if (_subscriber is not null)
        {
            await _subscriber.DisposeAsync();
        }

        await _store.DisposeAsync();
        await Database.StopAsync(CancellationToken.None);
        await Database.DisposeAsync();
        _stopping.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        var buffer = new byte[512];
        var read = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
        Handle(buffer.AsMemory(0, read));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task CreateAsync(ResourceKind kind, string manifest)
    {
        var next = JsonNode.Parse(manifest)!.AsObject();
        Defaults.Apply(kind, next, null);
        var made = await _store.CreateAsync(Resource.FromJson(kind, next), WriteOptions.Default, CancellationToken.None);
        _ = made.Value;
    }

    private static async Task<(WebApplication App, Uri Address)> HostAsync(Action<WebApplication> map)
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
        return (app, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
    }
}
