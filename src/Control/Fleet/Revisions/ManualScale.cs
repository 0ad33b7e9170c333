using System.Globalization;
using Slipway.Model.Serving;

namespace Slipway.Control.Fleet.Revisions;

/// <summary>The hand that overrides the autoscaler.</summary>
internal static class ManualScale
{
    /// <summary>Fixes the number of instances whatever the load; removing it gives the revision back to the autoscaler.</summary>
    public const string Annotation = "slipway.dev/manual-scale";

    public static AutoscalingSettings Apply(AutoscalingSettings settings, IReadOnlyDictionary<string, string> annotations) =>
        annotations.TryGetValue(Annotation, out var given) && int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? settings with { Min = count, Max = count, Initial = count, IsManual = true }
            : settings;
}
