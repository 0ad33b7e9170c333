using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Service;

/// <summary>What a request passes, in this order: frame (id, headers, errors, counting), other origins, route, caller, limits, endpoint.</summary>
internal static class ServicePipeline
{
    public static void Begin(WebApplication app, ServiceFeatures features)
    {
        var services = app.Services;
        app.Use(next => new RequestFrame(
            next,
            services.GetRequiredService<Drain>(),
            services.GetRequiredService<RequestTrace>(),
            services.GetRequiredService<MetricsRegistry>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<RequestFrame>>()).InvokeAsync);
        if (features.CorsOrigins is { } origins)
        {
            app.Use(next => new Cors(next, origins).InvokeAsync);
        }

        HeadRequests.UseRouting(app);
        var authentication = features.KnowsCallers ? services.GetRequiredService<CallerAuthentication>() : null;
        app.Use(next => new CallerGate(next, authentication).InvokeAsync);
        app.Use(next => new LimitGate(next, services.GetRequiredService<LimitBook>()).InvokeAsync);
    }
}
