using System.Globalization;
using Slipway.Model.Serving;
using Slipway.Model.Values;

namespace Slipway.Control.Fleet.Revisions;

/// <summary>When an instance of a revision may lose its CPU.</summary>
internal static class FreezeRules
{
    /// <summary>On a template: how long an idle instance keeps its CPU (<c>"90s"</c>), or <c>"never"</c>.</summary>
    public const string Annotation = "slipway.dev/freeze-after";

    /// <summary>On a template: so many instances always keep their CPU.</summary>
    public const string HotAnnotation = "slipway.dev/min-scale-hot";

    private const string CpuThrottling = "run.googleapis.com/cpu-throttling";

    public static TimeSpan? IdleLimit(IReadOnlyDictionary<string, string> annotations, AutoscalerClass @class, TimeSpan? platform)
    {
        // Instance-based CPU was promised to stay on, and CPU use says nothing about instances that have none.
        if (@class == AutoscalerClass.Hpa || (annotations.TryGetValue(CpuThrottling, out var throttling) && throttling == "false"))
        {
            return null;
        }

        if (!annotations.TryGetValue(Annotation, out var given))
        {
            return platform;
        }

        return GoDuration.TryParse(given, out var limit) && limit > TimeSpan.Zero ? limit : null;
    }

    public static int Hot(IReadOnlyDictionary<string, string> annotations) =>
        annotations.TryGetValue(HotAnnotation, out var given) && int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var hot) ? hot : 0;
}
