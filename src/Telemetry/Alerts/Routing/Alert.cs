using System.Text;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Routing;

/// <summary>An alert as those who are told know it: firing until it has an end that has passed.</summary>
internal sealed record Alert
{
    public required LabelSet Labels { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset? EndsAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public string GeneratorUrl { get; init; } = "";

    public string Name => Labels["alertname"];

    public string Fingerprint => field ??= FingerprintOf(Labels);

    public bool IsResolved(DateTimeOffset now) => EndsAt is { } end && end <= now;

    /// <summary>Sixteen hexadecimal digits that stand for a set of labels: FNV-1a over names and values.</summary>
    public static string FingerprintOf(LabelSet labels)
    {
        var hash = 14695981039346656037UL;
        foreach (var label in labels)
        {
            hash = Mixed(Mixed(hash, label.Name), label.Value);
        }

        return hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static ulong Mixed(ulong hash, string text)
    {
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }

        // No text has this octet, so that "ab","c" and "a","bc" differ.
        return (hash ^ 0xff) * 1099511628211UL;
    }
}
