using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Alerts;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry;

/// <summary>What telemetry tells about itself, each figure with the name it has for people who ask.</summary>
internal static class OwnFigures
{
    public static void Tell(TelemetryFigures figures, TelemetryStores stores, OtlpServices otlp, LogShipper shipper, Scraper scraper)
    {
        OfMetrics(figures, stores);
        OfLogs(figures, stores);
        OfTraces(figures, stores);
        OfAlerts(figures, stores);
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

    private static void OfLogs(TelemetryFigures figures, TelemetryStores stores)
    {
        Now("slipway_telemetry_log_streams", "Streams of lines.", store => store.Streams);
        Now("slipway_telemetry_logs_memory_bytes", "Memory of lines that are not in a segment yet.", store => store.MemoryBytes);
        Now("slipway_telemetry_logs_disk_bytes", "Disk taken by lines.", store => store.DiskBytes);
        Sum("slipway_telemetry_lines_stored_total", "Lines kept.", store => store.TakenLines);
        Sum("slipway_telemetry_lines_stored_bytes_total", "Bytes of those lines.", store => store.TakenBytes);
        Sum("slipway_telemetry_lines_dropped_total", "Lines not kept because memory or disk was full.", store => store.DroppedLines);
        Sum("slipway_telemetry_lines_cut_total", "Lines longer than a line may be.", store => store.CutLines);
        Sum("slipway_telemetry_lines_overflow_total", "Lines kept in the stream overflow because there were too many streams.", store => store.OverflowLines);
        Sum("slipway_telemetry_lines_tail_dropped_total", "Lines that slow followers missed.", store => store.TailDroppedLines);
        Sum("slipway_telemetry_logs_write_failures_total", "Times lines could not be written to the disk.", store => store.WriteFailures);
        Sum("slipway_telemetry_logs_damaged_bytes_total", "Bytes in files that were not what had been written.", store => store.DamagedBytes);

        void Now(string name, string help, Func<LogStore, double> value) => figures.Gauge(name, help, () => stores.Logs.Current is { } store ? value(store) : 0);

        void Sum(string name, string help, Func<LogStore, double> value) => figures.Counted(name, help, () => stores.Logs.Current is { } store ? value(store) : 0);
    }

    private static void OfTraces(TelemetryFigures figures, TelemetryStores stores)
    {
        Now("slipway_telemetry_traces_pending", "Traces whose end is waited for.", store => store.PendingTraces);
        Now("slipway_telemetry_traces_memory_bytes", "Memory of traces that are not on the disk.", store => store.MemoryBytes);
        Now("slipway_telemetry_traces_disk_bytes", "Disk taken by traces.", store => store.DiskBytes);
        Now("slipway_telemetry_trace_ratio", "The share of ordinary traces that is kept at the moment.", store => store.EffectiveRatio);
        Sum("slipway_telemetry_spans_received_total", "Spans that came.", store => store.Counters.ReceivedSpans);
        Sum("slipway_telemetry_spans_kept_total", "Spans kept.", store => store.Counters.KeptSpans);
        Sum("slipway_telemetry_spans_sampled_out_total", "Spans of ordinary traces that were not to be kept.", store => store.Counters.SampledOutSpans);
        Sum("slipway_telemetry_spans_refused_total", "Spans there was no room for.", store => store.Counters.RefusedSpans);
        Sum("slipway_telemetry_spans_oversize_total", "Spans beyond the bound of one trace.", store => store.Counters.OversizeSpans);
        Sum("slipway_telemetry_spans_dropped_total", "Spans to be kept that the disk had no room for.", store => store.Counters.LostSpans);

        void Now(string name, string help, Func<TraceStore, double> value) => figures.Gauge(name, help, () => stores.Traces.Current is { } store ? value(store) : 0);

        void Sum(string name, string help, Func<TraceStore, double> value) => figures.Counted(name, help, () => stores.Traces.Current is { } store ? value(store) : 0);
    }

    private static void OfAlerts(TelemetryFigures figures, TelemetryStores stores)
    {
        Now("slipway_alert_firing", "Alerts that fire.", engine => engine.AlertsFiring);
        Now("slipway_alert_notices_waiting", "Messages that wait for their receiver.", engine => engine.NoticesWaiting);
        Sum("slipway_alert_evaluations_total", "Groups of rules that were evaluated.", engine => engine.Evaluations);
        Sum("slipway_alert_evaluations_missed_total", "Evaluations that did not happen in time.", engine => engine.EvaluationsMissed);
        Sum("slipway_alert_rules_failed_total", "Evaluations of single rules that failed.", engine => engine.RulesFailed);
        Sum("slipway_alert_notices_delivered_total", "Messages that arrived.", engine => engine.NoticesDelivered);
        Sum("slipway_alert_notices_failed_total", "Attempts to deliver that failed.", engine => engine.NoticesFailed);
        Sum("slipway_alert_notices_dropped_total", "Messages that gave way because too many waited.", engine => engine.NoticesDropped);
        Sum("slipway_alert_notices_ownerless_total", "Messages whose receiver was taken away before they were delivered.", engine => engine.NoticesOwnerless);
        Sum("slipway_alert_notices_given_up_total", "Messages nobody took for as long as is tried.", engine => engine.NoticesGivenUp);

        void Now(string name, string help, Func<AlertEngine, double> value) => figures.Gauge(name, help, () => stores.Alerts.Current is { } engine ? value(engine) : 0);

        void Sum(string name, string help, Func<AlertEngine, double> value) => figures.Counted(name, help, () => stores.Alerts.Current is { } engine ? value(engine) : 0);
    }
}
