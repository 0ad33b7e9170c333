using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Doors.Alertmanager;
using Slipway.Telemetry.Tests.Alerts;

namespace Slipway.Telemetry.Tests.Alertmanager;

/// <summary>Alertmanager's API of an engine, on a port of its own.</summary>
internal sealed class DoorScene : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DoorScene(AlertScene alerts, WebApplication app, Uri address)
    {
        (Alerts, _app) = (alerts, app);
        Client = new HttpClient { BaseAddress = address };
    }

    public AlertScene Alerts { get; }

    public HttpClient Client { get; }

    public static async Task<DoorScene> StartAsync()
    {
        var alerts = new AlertScene();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapAlertmanagerApi(alerts.Engine);
        app.MapAlertmanagerHealth();
        await app.StartAsync(AlertScene.Cancellation);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new DoorScene(alerts, app, new Uri(address));
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(path, AlertScene.Cancellation))!;

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(path, content, AlertScene.Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(AlertScene.Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Alerts.Dispose();
    }
}
