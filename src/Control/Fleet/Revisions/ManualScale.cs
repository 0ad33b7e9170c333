using System.Globalization;
using Slipway.Model.Serving;

namespace Slipway.Control.Fleet.Revisions;

/// <summary>The autoscaling settings of a plan, and the hand that overrides them.</summary>
internal static class ManualScale
{
    /// <summary>Fixes the number of instances whatever the load; removing it gives the revision back to the autoscaler.</summary>
    public const string Annotation = "slipway.dev/manual-scale";

    public static AutoscalingSettings Read(IReadOnlyDictionary<string, string> annotations, AutoscalingSettings defaults)
    {
        // The annotations of the service above may stand beside the template's own; their names differ.
        var settings = AutoscalingSettings.Read(annotations, annotations, defaults);
        return annotations.TryGetValue(Annotation, out var given) && int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? settings with { Min = count, Max = count, Initial = count, IsManual = true }
            : settings;
    }
}
