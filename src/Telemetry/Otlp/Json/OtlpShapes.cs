namespace Slipway.Telemetry.Otlp.Json;

/// <summary>The messages of the OpenTelemetry protocol, version 1.</summary>
internal static class OtlpShapes
{
    private static readonly string[] s_spanKinds =
        ["SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"];

    private static readonly string[] s_statuses = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

    private static readonly string[] s_temporalities =
        ["AGGREGATION_TEMPORALITY_UNSPECIFIED", "AGGREGATION_TEMPORALITY_DELTA", "AGGREGATION_TEMPORALITY_CUMULATIVE"];

    private static readonly string[] s_severities =
    [
        "SEVERITY_NUMBER_UNSPECIFIED",
        .. from name in new[] { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL" } from step in new[] { "", "2", "3", "4" } select $"SEVERITY_NUMBER_{name}{step}",
    ];

    private static readonly MessageShape s_any = new(
        One(1, "string_value", FieldForm.Text), One(2, "bool_value", FieldForm.Flag), One(3, "int_value", FieldForm.Whole),
        One(4, "double_value", FieldForm.Double), Nested(5, "array_value", () => s_array!), Nested(6, "kvlist_value", () => s_pairs!),
        One(7, "bytes_value", FieldForm.Base64));

    private static readonly MessageShape s_array = new(NestedMany(1, "values", () => s_any));

    private static readonly MessageShape s_pair = new(One(1, "key", FieldForm.Text), Nested(2, "value", () => s_any));

    private static readonly MessageShape s_pairs = new(NestedMany(1, "values", () => s_pair));

    private static readonly MessageShape s_resource = new(NestedMany(1, "attributes", () => s_pair), One(2, "dropped_attributes_count", FieldForm.Whole));

    private static readonly MessageShape s_scope = new(
        One(1, "name", FieldForm.Text), One(2, "version", FieldForm.Text), NestedMany(3, "attributes", () => s_pair),
        One(4, "dropped_attributes_count", FieldForm.Whole));

    private static readonly MessageShape s_event = new(
        One(1, "time_unix_nano", FieldForm.Fixed64), One(2, "name", FieldForm.Text), NestedMany(3, "attributes", () => s_pair),
        One(4, "dropped_attributes_count", FieldForm.Whole));

    private static readonly MessageShape s_link = new(
        One(1, "trace_id", FieldForm.Hex), One(2, "span_id", FieldForm.Hex), One(3, "trace_state", FieldForm.Text),
        NestedMany(4, "attributes", () => s_pair), One(5, "dropped_attributes_count", FieldForm.Whole), One(6, "flags", FieldForm.Fixed32));

    private static readonly MessageShape s_status = new(One(2, "message", FieldForm.Text), new FieldShape(3, "code", FieldForm.Choice, false, null, s_statuses));

    private static readonly MessageShape s_span = new(
        One(1, "trace_id", FieldForm.Hex), One(2, "span_id", FieldForm.Hex), One(3, "trace_state", FieldForm.Text),
        One(4, "parent_span_id", FieldForm.Hex), One(5, "name", FieldForm.Text), new FieldShape(6, "kind", FieldForm.Choice, false, null, s_spanKinds),
        One(7, "start_time_unix_nano", FieldForm.Fixed64), One(8, "end_time_unix_nano", FieldForm.Fixed64), NestedMany(9, "attributes", () => s_pair),
        One(10, "dropped_attributes_count", FieldForm.Whole), NestedMany(11, "events", () => s_event), One(12, "dropped_events_count", FieldForm.Whole),
        NestedMany(13, "links", () => s_link), One(14, "dropped_links_count", FieldForm.Whole), Nested(15, "status", () => s_status),
        One(16, "flags", FieldForm.Fixed32));

    private static readonly MessageShape s_logRecord = new(
        One(1, "time_unix_nano", FieldForm.Fixed64), new FieldShape(2, "severity_number", FieldForm.Choice, false, null, s_severities),
        One(3, "severity_text", FieldForm.Text), Nested(5, "body", () => s_any), NestedMany(6, "attributes", () => s_pair),
        One(7, "dropped_attributes_count", FieldForm.Whole), One(8, "flags", FieldForm.Fixed32), One(9, "trace_id", FieldForm.Hex),
        One(10, "span_id", FieldForm.Hex), One(11, "observed_time_unix_nano", FieldForm.Fixed64), One(12, "event_name", FieldForm.Text));

    private static readonly MessageShape s_exemplar = new(
        One(2, "time_unix_nano", FieldForm.Fixed64), One(3, "as_double", FieldForm.Double), One(4, "span_id", FieldForm.Hex),
        One(5, "trace_id", FieldForm.Hex), One(6, "as_int", FieldForm.SignedFixed64), NestedMany(7, "filtered_attributes", () => s_pair));

    private static readonly MessageShape s_number = new(
        One(2, "start_time_unix_nano", FieldForm.Fixed64), One(3, "time_unix_nano", FieldForm.Fixed64), One(4, "as_double", FieldForm.Double),
        NestedMany(5, "exemplars", () => s_exemplar), One(6, "as_int", FieldForm.SignedFixed64), NestedMany(7, "attributes", () => s_pair),
        One(8, "flags", FieldForm.Whole));

    private static readonly MessageShape s_histogramPoint = new(
        One(2, "start_time_unix_nano", FieldForm.Fixed64), One(3, "time_unix_nano", FieldForm.Fixed64), One(4, "count", FieldForm.Fixed64),
        One(5, "sum", FieldForm.Double), Many(6, "bucket_counts", FieldForm.Fixed64), Many(7, "explicit_bounds", FieldForm.Double),
        NestedMany(8, "exemplars", () => s_exemplar), NestedMany(9, "attributes", () => s_pair), One(10, "flags", FieldForm.Whole),
        One(11, "min", FieldForm.Double), One(12, "max", FieldForm.Double));

    private static readonly MessageShape s_buckets = new(One(1, "offset", FieldForm.ZigZag), Many(2, "bucket_counts", FieldForm.Whole));

    private static readonly MessageShape s_exponentialPoint = new(
        NestedMany(1, "attributes", () => s_pair), One(2, "start_time_unix_nano", FieldForm.Fixed64), One(3, "time_unix_nano", FieldForm.Fixed64),
        One(4, "count", FieldForm.Fixed64), One(5, "sum", FieldForm.Double), One(6, "scale", FieldForm.ZigZag), One(7, "zero_count", FieldForm.Fixed64),
        Nested(8, "positive", () => s_buckets), Nested(9, "negative", () => s_buckets), One(10, "flags", FieldForm.Whole),
        NestedMany(11, "exemplars", () => s_exemplar), One(12, "min", FieldForm.Double), One(13, "max", FieldForm.Double),
        One(14, "zero_threshold", FieldForm.Double));

    private static readonly MessageShape s_quantile = new(One(1, "quantile", FieldForm.Double), One(2, "value", FieldForm.Double));

    private static readonly MessageShape s_summaryPoint = new(
        One(2, "start_time_unix_nano", FieldForm.Fixed64), One(3, "time_unix_nano", FieldForm.Fixed64), One(4, "count", FieldForm.Fixed64),
        One(5, "sum", FieldForm.Double), NestedMany(6, "quantile_values", () => s_quantile), NestedMany(7, "attributes", () => s_pair),
        One(8, "flags", FieldForm.Whole));

    private static readonly MessageShape s_gauge = new(NestedMany(1, "data_points", () => s_number));

    private static readonly MessageShape s_sum = new(NestedMany(1, "data_points", () => s_number), Temporality(), One(3, "is_monotonic", FieldForm.Flag));

    private static readonly MessageShape s_histogram = new(NestedMany(1, "data_points", () => s_histogramPoint), Temporality());

    private static readonly MessageShape s_exponential = new(NestedMany(1, "data_points", () => s_exponentialPoint), Temporality());

    private static readonly MessageShape s_summary = new(NestedMany(1, "data_points", () => s_summaryPoint));

    private static readonly MessageShape s_metric = new(
        One(1, "name", FieldForm.Text), One(2, "description", FieldForm.Text), One(3, "unit", FieldForm.Text), Nested(5, "gauge", () => s_gauge),
        Nested(7, "sum", () => s_sum), Nested(9, "histogram", () => s_histogram), Nested(10, "exponential_histogram", () => s_exponential),
        Nested(11, "summary", () => s_summary));

    public static MessageShape Traces { get; } = Export("resource_spans", "scope_spans", "spans", s_span);

    public static MessageShape Logs { get; } = Export("resource_logs", "scope_logs", "log_records", s_logRecord);

    public static MessageShape Metrics { get; } = Export("resource_metrics", "scope_metrics", "metrics", s_metric);

    public static MessageShape Status { get; } = new(One(1, "code", FieldForm.Whole), One(2, "message", FieldForm.Text));

    private static MessageShape Export(string resources, string scopes, string items, MessageShape item)
    {
        var ofScope = new MessageShape(Nested(1, "scope", () => s_scope), NestedMany(2, items, () => item), One(3, "schema_url", FieldForm.Text));
        var ofResource = new MessageShape(Nested(1, "resource", () => s_resource), NestedMany(2, scopes, () => ofScope), One(3, "schema_url", FieldForm.Text));
        return new MessageShape(NestedMany(1, resources, () => ofResource));
    }

    private static FieldShape Temporality() => new(2, "aggregation_temporality", FieldForm.Choice, false, null, s_temporalities);

    private static FieldShape One(int number, string name, FieldForm form) => new(number, name, form, false, null, null);

    private static FieldShape Many(int number, string name, FieldForm form) => new(number, name, form, true, null, null);

    private static FieldShape Nested(int number, string name, Func<MessageShape> message) => new(number, name, FieldForm.Message, false, message, null);

    private static FieldShape NestedMany(int number, string name, Func<MessageShape> message) => new(number, name, FieldForm.Message, true, message, null);
}
