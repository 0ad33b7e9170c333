using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry.Tests.Alerts;

/// <summary>A program that gets messages over HTTP.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Listener(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public ConcurrentQueue<(string Path, string Authorization, JsonNode Body)> Heard { get; } = new();

    public Func<int> Status { get; set; } = () => StatusCodes.Status200OK;

    public static async Task<Listener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var listener = new Listener(app);
        app.Run(async http =>
        {
            http.Response.StatusCode = listener.Status();
            if (http.Response.StatusCode == StatusCodes.Status200OK)
            {
                var body = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
                listener.Heard.Enqueue((http.Request.Path.Value!, http.Request.Headers.Authorization.ToString(), body!));
            }
            else
            {
                await http.Response.WriteAsync("go away", http.RequestAborted);
            }
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        listener.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return listener;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
