using Slipway.Store;
using Slipway.Telemetry.Collecting;

namespace Slipway.Telemetry;

/// <summary>Where telemetry gets everything from: the composition root hands it over, so that this room knows none of the others.</summary>
public sealed record TelemetrySources
{
    public required IScrapeTargets Targets { get; init; }

    public required ILogSources Logs { get; init; }

    public required IReadOnlyList<(string Name, IFigureSource Source)> Figures { get; init; }

    /// <summary>Rooms that tell their figures in the text format of Prometheus.</summary>
    public IReadOnlyList<(string Name, Func<string> Text)> FigureTexts { get; init; } = [];

    /// <summary>Rules of alerts are resources like any other.</summary>
    public required IResourceStore Resources { get; init; }
}
