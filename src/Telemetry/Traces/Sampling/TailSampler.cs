using System.Globalization;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Traces.Sampling;

internal enum KeepReason
{
    /// <summary>Not kept.</summary>
    None,
    Error,
    Slow,
    Asked,
    Ratio,

    /// <summary>An earlier part of the trace is kept.</summary>
    Follows,
}

/// <summary>What the decision about a trace depends on.</summary>
internal sealed record TraceTraits(string TraceId, IReadOnlyList<string> Services, bool HasError, bool Asked, long Nanoseconds)
{
    public const string KeepAttribute = "slipway.keep";
    public const string PriorityAttribute = "sampling.priority";

    public static TraceTraits Of(string traceId, IReadOnlyList<SpanRecord> spans)
    {
        var services = new List<string>(2);
        var (error, asked, longest) = (false, false, 0L);
        var (start, end) = (long.MaxValue, long.MinValue);
        foreach (var span in spans)
        {
            if (!services.Contains(span.Service))
            {
                services.Add(span.Service);
            }

            error |= span.Status == SpanStatus.Error;
            asked |= Asks(span);
            longest = Math.Max(longest, span.Nanoseconds);
            (start, end) = (Math.Min(start, span.Start), Math.Max(end, span.End));
        }

        // Clocks of two machines may differ; a trace is at least as long as its longest span.
        return new TraceTraits(traceId, services, error, asked, spans.Count == 0 ? 0 : Math.Max(longest, end - start));
    }

    private static bool Asks(SpanRecord span)
    {
        foreach (var attribute in span.Attributes)
        {
            if ((attribute.Name == KeepAttribute && attribute.Value.ToString() is "true" or "1")
                || (attribute.Name == PriorityAttribute && attribute.Value.Kind is AttributeKind.Whole && attribute.Value.Whole > 0))
            {
                return true;
            }
        }

        return false;
    }
}

/// <param name="Ratio">The share of ordinary traces that are kept, from 0 to 1.</param>
/// <param name="RatioByService">For traces a service takes part in; the highest of several counts.</param>
/// <param name="SlowNanoseconds">From this duration on a trace is always kept.</param>
internal sealed record SamplingRules(double Ratio, IReadOnlyDictionary<string, double> RatioByService, long SlowNanoseconds)
{
    public static SamplingRules Default { get; } = new(0.10, new Dictionary<string, double>(), 1_000_000_000);
}

/// <summary>
/// Decides about a trace when all of it is known: errors, slow ones and those a program asks for always stay, of the rest a share. The
/// share goes by a hash of the trace id, so that every program that looks at the id decides the same.
/// </summary>
internal static class TailSampler
{
    /// <param name="factor">By what the ratios are lowered at the moment, from 0 to 1.</param>
    public static KeepReason Decide(TraceTraits trace, SamplingRules rules, double factor)
    {
        if (Mandatory(trace, rules) is not KeepReason.None and var reason)
        {
            return reason;
        }

        return Position(trace.TraceId) < RatioOf(trace, rules) * factor ? KeepReason.Ratio : KeepReason.None;
    }

    public static KeepReason Mandatory(TraceTraits trace, SamplingRules rules) =>
        trace.HasError ? KeepReason.Error
        : trace.Nanoseconds >= rules.SlowNanoseconds ? KeepReason.Slow
        : trace.Asked ? KeepReason.Asked
        : KeepReason.None;

    public static double RatioOf(TraceTraits trace, SamplingRules rules)
    {
        double? highest = null;
        if (rules.RatioByService.Count > 0)
        {
            foreach (var service in trace.Services)
            {
                if (rules.RatioByService.TryGetValue(service, out var ratio))
                {
                    highest = Math.Max(highest ?? 0, ratio);
                }
            }
        }

        return Math.Clamp(highest ?? rules.Ratio, 0, 1);
    }

    /// <summary>Where an id stands among all ids, from 0 to just below 1.</summary>
    public static double Position(string traceId) => (StableHash.Of(traceId.AsSpan()) >> 11) / (double)(1UL << 53);

    /// <summary>Reads <c>orders=1,cart=0.5</c>.</summary>
    /// <returns>Nothing if it is not written that way.</returns>
    public static IReadOnlyDictionary<string, double>? ParseRatios(string text)
    {
        var ratios = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.LastIndexOf('=');
            if (equals < 1 || !double.TryParse(part.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) || ratio is not (>= 0 and <= 1))
            {
                return null;
            }

            ratios[part[..equals].Trim()] = ratio;
        }

        return ratios;
    }
}
