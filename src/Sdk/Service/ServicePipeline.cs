using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Callers;

namespace Slipway.Sdk.Service;

/// <summary>What a request passes, in this order: frame (id, headers, errors, counting), route, caller, endpoint.</summary>
internal static class ServicePipeline
{
    public static void Begin(WebApplication app, ServiceFeatures features)
    {
        app.Use(next => ActivatorUtilitiesOf(app.Services, next));
        app.UseRouting();
        var authentication = features.KnowsCallers ? app.Services.GetRequiredService<CallerAuthentication>() : null;
        app.Use(next => new CallerGate(next, authentication).InvokeAsync);
    }

    private static Microsoft.AspNetCore.Http.RequestDelegate ActivatorUtilitiesOf(IServiceProvider services, Microsoft.AspNetCore.Http.RequestDelegate next) =>
        new RequestFrame(next, services.GetRequiredService<Drain>(), services.GetRequiredService<Microsoft.Extensions.Logging.ILogger<RequestFrame>>()).InvokeAsync;
}
