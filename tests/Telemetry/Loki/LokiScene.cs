using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Doors.Loki;
using Slipway.Telemetry.Tests.Logs;

namespace Slipway.Telemetry.Tests.Loki;

/// <summary>The doors in front of a store, on a port of this machine.</summary>
internal sealed class LokiScene : IAsyncDisposable
{
    private readonly WebApplication _host;

    private LokiScene(LogScene logs, WebApplication host, Uri address)
    {
        (Logs, _host) = (logs, host);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    }

    public LogScene Logs { get; }

    public HttpClient Http { get; }

    public static async Task<LokiScene> OpenAsync(LogScene? logs = null, Func<LokiApiServices, LokiApiServices>? change = null)
    {
        logs ??= await LogScene.OpenAsync();
        var services = new LokiApiServices(logs.Store, logs.Engine, logs.Time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var host = builder.Build();
        host.MapLokiApi(change?.Invoke(services) ?? services);
        await host.StartAsync();
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new LokiScene(logs, host, new Uri(address));
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public async Task<(HttpStatusCode Status, string Text)> TryGetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static string Of(string query) => Uri.EscapeDataString(query);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync(new CancellationToken(canceled: true));
        await _host.DisposeAsync();
        await Logs.DisposeAsync();
    }
}
