using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Limits;

namespace Slipway.Sdk.Service;

/// <summary>What a request passes, in this order: frame (id, headers, errors, counting), route, caller, limits, endpoint.</summary>
internal static class ServicePipeline
{
    public static void Begin(WebApplication app, ServiceFeatures features)
    {
        var services = app.Services;
        app.Use(next => new RequestFrame(
            next,
            services.GetRequiredService<Drain>(),
            services.GetRequiredService<ILogger<RequestFrame>>()).InvokeAsync);
        app.UseRouting();
        var authentication = features.KnowsCallers ? services.GetRequiredService<CallerAuthentication>() : null;
        app.Use(next => new CallerGate(next, authentication).InvokeAsync);
        app.Use(next => new LimitGate(next, services.GetRequiredService<LimitBook>()).InvokeAsync);
    }
}
