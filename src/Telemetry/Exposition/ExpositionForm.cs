namespace Slipway.Telemetry.Exposition;

/// <summary>The two texts that programs tell their figures in.</summary>
public enum ExpositionForm
{
    /// <summary>Prometheus text format 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.</summary>
    OpenMetrics,
}

public static class ExpositionForms
{
    public const string TextType = "text/plain; version=0.0.4; charset=utf-8";

    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>What a scraper says it can read, the better one first.</summary>
    public const string Accept = "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    /// <summary>The form a page has by its Content-Type; whatever is not OpenMetrics is read as text.</summary>
    public static ExpositionForm Of(string? contentType) =>
        contentType is not null && contentType.TrimStart().StartsWith("application/openmetrics-text", StringComparison.OrdinalIgnoreCase)
            ? ExpositionForm.OpenMetrics
            : ExpositionForm.Text;

    /// <summary>The form to answer in, by the Accept header of the question.</summary>
    public static ExpositionForm Wanted(string? accept) =>
        accept is not null && accept.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) ? ExpositionForm.OpenMetrics : ExpositionForm.Text;
}
