using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Service;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Telemetry;

/// <summary>
/// Logs, traces and metrics of a service. <see cref="Traces"/> and its <see cref="Meter"/>, both called
/// <c>Slipway.{service}</c>, can be injected to add spans and business figures.
/// </summary>
internal static class ServiceTelemetry
{
    // In the order of LogLevel.
    private static readonly string[] s_levels = ["trace", "debug", "information", "warning", "error"];

    public static void AddTo(IServiceCollection services, ServiceIdentity identity, ServiceSettings settings, Func<Stream> output)
    {
        var level = (LogLevel)Array.IndexOf(s_levels, settings.Choice("LOG_LEVEL", "information", s_levels));
        var name = "Slipway." + identity.Name;
        services.AddSingleton(_ => new LogWriter(output));
        services.AddSingleton<ILoggerProvider>(provider => new JsonLogProvider(
            identity, provider.GetRequiredService<LogWriter>(), level, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => new Traces(name, identity.Version));
        services.AddSingleton(_ => new Meter(name, identity.Version));
        services.AddSingleton<RequestTrace>();
        services.AddSingleton<MetricsRegistry>();
        if (OtlpSettings.Read(settings, identity) is { } sending)
        {
            AddExport(services, sending);
        }
    }

    private static void AddExport(IServiceCollection services, OtlpSettings sending)
    {
        if (sending.Spans is { } spans)
        {
            services.AddSingleton(provider => new SpanExport(
                provider.GetRequiredService<Traces>(), sending, spans, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SpanExport>>()));
            services.AddHostedService(provider => provider.GetRequiredService<SpanExport>());
        }

        if (sending.Figures is { } figures)
        {
            services.AddHostedService(provider => new FigureExport(
                provider.GetRequiredService<MetricsRegistry>(), sending, figures, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<FigureExport>>()));
        }
    }
}
