using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Telemetry.Doors.Tempo;
using Slipway.Telemetry.Tests.Traces;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Tests.Tempo;

/// <summary>A store that can be asked over HTTP.</summary>
internal sealed class TempoDoor : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TempoDoor(OpenStore open)
    {
        Open = open;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapTempoApi(open.Store, open.Time);
    }

    public OpenStore Open { get; }

    public HttpClient Client { get; private set; } = null!;

    public static async Task<TempoDoor> StartAsync(Func<TraceStoreOptions, TraceStoreOptions>? change = null)
    {
        var door = new TempoDoor(await OpenStore.StartAsync(change));
        await door._app.StartAsync();
        var address = door._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        door.Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(30) };
        return door;
    }

    public async Task<JsonElement> GetAsync(string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await Client.GetAsync(path);
        Assert.Equal(status, answer.StatusCode);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Open.DisposeAsync();
    }
}
