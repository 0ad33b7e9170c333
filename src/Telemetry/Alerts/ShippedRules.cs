using System.Collections.Frozen;

namespace Slipway.Telemetry.Alerts;

/// <summary>The rules every installation begins with: the files of deploy/prometheus, which are part of this assembly.</summary>
public static class ShippedRules
{
    private const string Prefix = "Slipway.Telemetry.Rules.";

    /// <summary>Manifests of PrometheusRules in YAML, one each, by file name. Who starts the server puts those into the store whose names are missing there.</summary>
    public static IReadOnlyDictionary<string, string> All()
    {
        var assembly = typeof(ShippedRules).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return reader.ReadToEnd();
            });
    }
}
