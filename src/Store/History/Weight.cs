using System.Runtime.InteropServices;
using Slipway.Model.Resources;

namespace Slipway.Store.History;

/// <summary>Roughly what one version costs in memory: its texts plus the objects that hold them.</summary>
internal static class Weight
{
    private const int ObjectOverhead = 512;

    public static int Of(Resource resource)
    {
        var metadata = resource.Metadata;
        var weight = ObjectOverhead + resource.Body.Length + Of(metadata.Labels) + Of(metadata.Annotations);
        foreach (var field in metadata.ManagedFields ?? [])
        {
            weight += JsonMarshal.GetRawUtf8Value(field).Length;
        }

        return weight;
    }

    private static int Of(Dictionary<string, string>? texts) =>
        texts?.Sum(pair => 2 * (pair.Key.Length + pair.Value.Length) + 64) ?? 0;
}
