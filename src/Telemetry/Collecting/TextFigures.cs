using System.Text;
using Slipway.Telemetry.Exposition;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Collecting;

/// <summary>The figures of a room that tells them as a page of Prometheus text.</summary>
internal sealed class TextFigures(Func<string> page) : IFigureSource
{
    private static readonly string[] s_suffixes = ["_bucket", "_sum", "_count"];

    public Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation)
    {
        // A reader tells what metrics mean once; here every page is to be whole.
        var reader = new ExpositionReader(LabelSet.Empty);
        if (reader.Read(Encoding.UTF8.GetBytes(page()), ExpositionForm.Text, 0) is { } failure)
        {
            throw new InvalidDataException(failure.Detail);
        }

        var described = reader.Metadata.ToDictionary(metadata => metadata.Metric, StringComparer.Ordinal);
        var values = new Dictionary<string, (MetricMetadata Metadata, List<FigureValue> Values)>(StringComparer.Ordinal);
        foreach (var sample in reader.Samples)
        {
            var metric = sample.Series[LabelSet.MetricName];
            var suffix = described.ContainsKey(metric) ? "" : s_suffixes.FirstOrDefault(suffix => metric.EndsWith(suffix, StringComparison.Ordinal) && described.ContainsKey(metric[..^suffix.Length])) ?? "";
            var name = metric[..^suffix.Length];
            if (!values.TryGetValue(name, out var figure))
            {
                values[name] = figure = (described.GetValueOrDefault(name) ?? new MetricMetadata(name, "unknown", "", ""), []);
            }

            figure.Values.Add(new FigureValue(sample.Series.Without(LabelSet.MetricName), sample.Value, suffix));
        }

        return Task.FromResult<IReadOnlyList<Figure>>([.. values.Values.Select(figure => new Figure(figure.Metadata.Metric, figure.Metadata.Kind, figure.Metadata.Help, figure.Values))]);
    }
}
