using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp;

namespace Slipway.Telemetry;

/// <summary>What telemetry tells about itself, each figure with the name it has for people who ask.</summary>
internal static class OwnFigures
{
    public static void Tell(TelemetryFigures figures, TelemetryStores stores, OtlpServices otlp, LogShipper shipper, Scraper scraper)
    {
        OfMetrics(figures, stores);
        figures.Counted("slipway_telemetry_otlp_items_total", "Spans, samples and lines taken from programs that send them.", () => otlp.ReceivedItems);
        figures.Counted("slipway_telemetry_otlp_rejected_total", "Of those, what was not taken.", () => otlp.RejectedItems);
        figures.Counted("slipway_telemetry_otlp_malformed_total", "Messages that could not be read.", () => otlp.MalformedMessages);
        figures.Counted("slipway_telemetry_otlp_turned_away_total", "Messages answered with: come back later.", () => otlp.TurnedAwayMessages);
        figures.Counted("slipway_telemetry_lines_taken_total", "Lines taken from instances and from the platform's own logs.", () => shipper.Lines);
        figures.Counted("slipway_telemetry_lines_refused_total", "Of those, lines the store had no room for.", () => shipper.Refused);
        figures.Gauge("slipway_telemetry_targets", "Instances whose figures are fetched.", () => scraper.Targets.Count(target => target.Health != TargetHealth.Silent));
        figures.Counted("slipway_telemetry_samples_lost_total", "Samples that came while the store was away.", () => stores.Samples.Dropped);
        figures.Counted("slipway_telemetry_lines_lost_total", "Lines that came while the store was away or full.", () => stores.Lines.Dropped);
        figures.Counted("slipway_telemetry_spans_lost_total", "Spans that came while the store was away.", () => stores.Spans.Dropped);
    }

    private static void OfMetrics(TelemetryFigures figures, TelemetryStores stores)
    {
        Now("slipway_telemetry_series", "Series in memory.", store => store.SeriesCount);
        Now("slipway_telemetry_metrics_memory_bytes", "Memory of samples that are not in a block yet.", store => store.MemoryBytes);
        Now("slipway_telemetry_metrics_disk_bytes", "Disk taken by metrics.", store => store.DiskBytes);
        Now("slipway_telemetry_metrics_blocks", "Blocks on disk.", store => store.BlockCount);
        Sum("slipway_telemetry_samples_stored_total", "Samples kept.", store => store.StoredSamples);
        Sum("slipway_telemetry_samples_out_of_order_total", "Samples not later than the last of their series.", store => store.OutOfOrderSamples);
        Sum("slipway_telemetry_samples_out_of_bounds_total", "Samples too old or too far ahead.", store => store.OutOfBoundsSamples);
        Sum("slipway_telemetry_series_refused_total", "Samples not kept because there were too many series.", store => store.RefusedSamples);
        Sum("slipway_telemetry_samples_dropped_total", "Samples not kept because memory or disk was full.", store => store.DroppedSamples);
        Sum("slipway_telemetry_metrics_write_failures_total", "Times metrics could not be written to the disk.", store => store.WriteFailures);
        Sum("slipway_telemetry_metrics_damaged_reads_total", "Times a file was not what had been written.", store => store.DamagedReads);

        void Now(string name, string help, Func<MetricStore, double> value) => figures.Gauge(name, help, () => stores.Metrics.Current is { } store ? value(store) : 0);

        void Sum(string name, string help, Func<MetricStore, double> value) => figures.Counted(name, help, () => stores.Metrics.Current is { } store ? value(store) : 0);
    }
}
