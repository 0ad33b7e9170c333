using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Service;

namespace Titanic.Api.Metrics;

/// <summary>
/// A port of its own for figures (METRICS_PORT), so that a network can let one program reach them and nothing else, and others everything but
/// them. Whatever else is asked for there is not found.
/// </summary>
internal sealed class MetricsPort(int port) : IStartupFilter
{
    public static void Open(SlipwayService service)
    {
        var port = service.Settings.Number("METRICS_PORT", 0, 0, 65_535);
        if (port == 0)
        {
            return;
        }

        if (port == service.Settings.Number("PORT", 8080, 0, 65_535))
        {
            service.Settings.Mistaken("METRICS_PORT must be another port than PORT; leave it out to have figures on the same.");
            return;
        }

        // A HOST that is no address is told of where the service's own port is opened.
        var host = IPAddress.TryParse(service.Settings.Text("HOST", "0.0.0.0"), out var address) ? address : IPAddress.Loopback;
        service.Builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(host, port));
        service.Services.AddSingleton<IStartupFilter>(new MetricsPort(port));
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => http =>
        {
            if (http.Connection.LocalPort != port || http.Request.Path == "/metrics")
            {
                return following(http);
            }

            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        next(app);
    };
}
