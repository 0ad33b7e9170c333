namespace Slipway.Telemetry.Tests.PromQl;

/// <summary>What is asked of both.</summary>
internal static class PeerExpressions
{
    public static readonly string[] All =
    [
        // Selectors
        "requests_total", "requests_total{job=\"api\"}", "requests_total{job!=\"api\",code=\"500\"}", "requests_total{instance=~\"api-[01]\"}",
        "requests_total{instance!~\".*-2\",code=~\"5..\"}", "{__name__=~\"temp.*\"}", "{__name__=\"odd\",kind!=\"nan\"}", "{job=\"api\",__name__!~\".*_bucket|requests.*\"}",
        "queue:length:avg", "level{path=\"/a\\\"b\\\\c\"}", "level{path='/übung'}", "level{path=\"\"}", "nothing_here", "temperature{zone=\"\"}",
        "temperature offset 10m", "temperature offset -7m30s", "temperature @ 1700008000", "temperature @ 1700008000.5 offset 3m", "temperature @ start()", "temperature @ end() offset 1m",
        "temperature{zone=\"west\"}", "temperature{zone=\"south\"} offset 1h", "odd",

        // Numbers
        "1", "-1", "0x1F", "1e3", "Inf", "-Inf", "NaN", "1 + 2 * 3 ^ 2 ^ 0.5", "-2 ^ 2", "7 % 4", "-7 % 4", "5 / 0", "-(1 + 2)", "2 == bool 2", "1 > bool 2", "3 atan2 4", "time()", "pi()",
        "# a remark\n1 + 1", "1 != bool NaN", "((2))", "10 - 3 - 2", "2 * 3 % 4",

        // Arithmetic and comparison
        "temperature + 1", "2 * temperature", "temperature - temperature", "temperature > 10", "10 < temperature", "temperature > bool 10", "10 <= bool temperature", "-temperature", "+temperature",
        "temperature % 7", "temperature ^ 2", "temperature == temperature", "temperature != 12.5", "odd * 0", "odd == odd", "odd > 1", "temperature / 0", "1 / (temperature - temperature)",
        "requests_total / ignoring(code) group_left errors_total", "errors_total * on(job, instance) group_left(version) build_info", "build_info * on(instance) group_right(version) errors_total",
        "errors_total / on(instance, job) build_info", "errors_total + ignoring(version) build_info", "requests_total{code=\"200\"} / ignoring(code) requests_total{code=\"500\"}",
        "requests_total{code=\"500\"} > ignoring(code) requests_total{code=\"200\"}", "requests_total / requests_total offset 5m", "sum(requests_total) / count(requests_total)",
        "requests_total{code=\"200\"} > bool ignoring(code) group_left() errors_total", "errors_total / on(job) errors_total", "requests_total + on(instance) errors_total", "temperature atan2 temperature",
        "sum by (job) (requests_total) / on(job) group_left(path) level", "temperature + on(zone) group_left(floor) temperature", "requests_total >= ignoring(code) group_left errors_total",
        "temperature + on() group_left() sum(temperature)", "rate(requests_total[5m]) > 1 < 2",

        // Sets
        "requests_total and on(instance) errors_total{instance=~\".*-0\"}", "requests_total or temperature", "requests_total unless on(job) level{job=\"web\"}", "temperature > 10 or temperature < 0",
        "temperature and temperature > 15", "temperature unless temperature > 15", "level or ignoring(path) sum by (job) (requests_total)", "build_info and ignoring(version) errors_total > 100",
        "temperature{zone=\"south\"} or temperature{zone=\"west\"} or vector(1)", "vector(1) and vector(2)", "temperature and on() vector(1)", "temperature unless on() temperature{zone=\"west\"}",

        // Aggregations
        "sum(requests_total)", "sum by (job) (requests_total)", "sum(requests_total) by (code, job)", "sum without (instance) (requests_total)", "avg without (zone, floor) (temperature)", "min by (floor) (temperature)",
        "max(temperature)", "count by (job) (requests_total)", "group by (job) (requests_total)", "stddev(temperature)", "stdvar by (floor) (temperature)", "topk(3, requests_total)", "bottomk(2, temperature)",
        "topk by (job) (1, requests_total)", "bottomk without (instance) (1, requests_total)", "topk(0, temperature)", "topk(100, temperature)", "quantile(0.9, requests_total)", "quantile by (job) (0.5, requests_total)",
        "quantile(-1, temperature)", "quantile(2, temperature)", "quantile(NaN, temperature)", "count_values(\"value\", level)", "count_values by (job) (\"v\", build_info)", "count_values(\"x\", temperature{zone=\"west\"})",
        "sum(odd)", "avg(odd{kind=~\"huge|tiny\"})", "avg(odd)", "min(odd)", "max(odd)", "stddev(odd{kind!~\"nan|inf|minus|mixed\"})", "topk(2, odd)", "sum by (nothing) (temperature)", "sum by (__name__) ({job=\"api\"})",
        "avg(odd{kind=~\"inf|huge\"})", "count(nothing_here)", "sum(sum by (job) (requests_total))", "topk(scalar(count(build_info)) - 4, requests_total)", "bottomk(3, odd)",

        // Over ranges
        "rate(requests_total[5m])", "rate(requests_total[1m])", "rate(requests_total[20s])", "increase(requests_total[10m])", "increase(requests_total[1h])", "irate(requests_total[2m])", "idelta(temperature[3m])",
        "delta(temperature[15m])", "deriv(temperature[10m])", "deriv(odd[10m])", "predict_linear(temperature[20m], 3600)", "predict_linear(temperature[20m] offset 5m, 600)",
        "rate(requests_total[5m] offset 10m)", "rate(requests_total[5m] @ 1700009000)", "rate(requests_total[5m] @ end())", "changes(level[30m])", "resets(requests_total[1h])", "resets(temperature[10m])",
        "avg_over_time(temperature[10m])", "sum_over_time(temperature[10m])", "min_over_time(temperature[10m])", "max_over_time(temperature[10m])", "count_over_time(temperature[10m])", "last_over_time(temperature[30m])",
        "present_over_time(temperature[30m])", "stddev_over_time(temperature[10m])", "stdvar_over_time(temperature[10m])", "quantile_over_time(0.3, temperature[10m])", "quantile_over_time(1.2, temperature[10m])",
        "avg_over_time(odd[5m])", "sum_over_time(odd[5m])", "max_over_time(odd[5m])", "min_over_time(odd[5m])", "changes(odd[5m])", "stddev_over_time(odd[5m])", "holt_winters(temperature[10m], 0.3, 0.1)",
        "delta(odd[5m])", "rate(odd[5m])", "sum by (job) (rate(requests_total[5m]))", "sum(rate(requests_total{code=\"500\"}[5m])) / sum(rate(requests_total[5m]))", "rate({__name__=~\"requests_total|errors_total\"}[5m])",
        "avg_over_time(temperature[17s])", "rate(temperature[5m])", "holt_winters(temperature[5m], 2, 0.1)", "quantile_over_time(0.5, (temperature[5m]))", "last_over_time({job=\"api\",__name__!~\".*bucket\"}[2m])",

        // Subqueries
        "max_over_time(rate(requests_total[5m])[30m:1m])", "avg_over_time(sum(rate(requests_total[2m]))[20m:90s])", "rate(requests_total[10m:30s])", "min_over_time(temperature[10m:])", "increase(requests_total[10m:1m] offset 5m)",
        "sum_over_time((temperature > 10)[15m:1m])", "max_over_time(temperature[10m:1m] @ 1700009000)", "deriv(sum(temperature)[10m:37s])", "max_over_time(max_over_time(temperature[2m:30s])[10m:2m])",
        "quantile_over_time(0.5, temperature[10m:1m] @ start())", "count_over_time(vector(1)[1m:7s])", "avg_over_time(time()[5m:1m])", "absent_over_time(temperature{zone=\"west\"}[5m:1m])", "last_over_time(temperature[1h:10m] offset -5m)",
        "max_over_time((time() * vector(1))[5m:13s])", "count_over_time(temperature @ 1700008000 [5m:1m])",

        // Histograms
        "histogram_quantile(0.9, rate(latency_seconds_bucket[5m]))", "histogram_quantile(0.5, sum by (le) (rate(latency_seconds_bucket[10m])))", "histogram_quantile(0, latency_seconds_bucket)", "histogram_quantile(1, latency_seconds_bucket)",
        "histogram_quantile(1.1, latency_seconds_bucket)", "histogram_quantile(-0.1, latency_seconds_bucket)", "histogram_quantile(0.2, latency_seconds_bucket{le!=\"+Inf\"})", "histogram_quantile(0.9, latency_seconds_bucket{le=\"+Inf\"})",
        "histogram_quantile(0.99, temperature)", "histogram_quantile(NaN, latency_seconds_bucket)", "histogram_quantile(0.75, latency_seconds_bucket * (latency_seconds_bucket < 3000))",

        // Labels and presence
        "label_replace(temperature, \"side\", \"$1-side\", \"zone\", \"(n.*|s.*)\")", "label_replace(temperature, \"zone\", \"\", \"floor\", \"1\")", "label_replace(temperature, \"a\", \"${1}x$$\", \"zone\", \"(.).*\")",
        "label_replace(temperature, \"a\", \"$first\", \"zone\", \"(?P<first>..).*\")", "label_replace(temperature, \"__name__\", \"heat\", \"\", \"\")", "label_replace(temperature, \"zone\", \"one\", \"zone\", \".*\")",
        "label_replace(temperature, \"a b\", \"x\", \"zone\", \".*\")", "label_replace(temperature, \"a\", \"$1\", \"zone\", \"(\")", "label_join(temperature, \"both\", \"-\", \"zone\", \"floor\", \"none\")", "label_join(temperature, \"zone\", \"\")",
        "absent(nothing_here)", "absent(nothing_here{a=\"b\",c=~\"d\"})", "absent(temperature)", "absent(sum(nothing_here))", "absent(temperature{zone=\"west\"})", "absent_over_time(nothing_here{a=\"b\",a=\"c\"}[5m])",
        "absent_over_time(temperature{zone=\"west\"}[5m])", "absent_over_time(temperature[5m])",

        // Functions of numbers and dates
        "abs(temperature)", "ceil(temperature)", "floor(temperature)", "round(temperature)", "round(temperature, 0.1)", "round(temperature, 5)", "exp(temperature / 10)", "ln(temperature)", "log2(temperature)", "log10(temperature)",
        "sqrt(temperature)", "sgn(temperature)", "sgn(odd)", "clamp(temperature, 0, 15)", "clamp(temperature, 15, 0)", "clamp_min(temperature, 5)", "clamp_max(odd, 10)", "scalar(temperature)", "scalar(sum(temperature))",
        "vector(3)", "vector(time())", "timestamp(temperature)", "timestamp(temperature + 1)", "timestamp(temperature @ 1700008000)", "timestamp(temperature offset 3m)", "timestamp((temperature))", "sort(temperature)", "sort_desc(requests_total)",
        "sort(odd{kind!=\"nan\"})", "sort_desc(odd{kind!=\"mixed\"})", "minute()", "hour()", "hour(born)", "day_of_week()", "day_of_month(born)", "day_of_year()", "days_in_month(born)", "month()", "year(born)", "minute(vector(1700008000.9))", "year(vector(-1))",
        "days_in_month(vector(951782400))", "sin(temperature)", "cosh(temperature / 10)", "atan(temperature)", "acos(temperature / 40)", "asinh(temperature)", "deg(temperature)", "rad(temperature)", "tan(temperature)", "ceil(odd)",
        "temperature * scalar(max(temperature))", "time() - born", "abs({job=\"api\",__name__=~\"requests_total|errors_total\",code=~\"200|\"})", "histogram_count(temperature)", "clamp(odd, Inf, NaN)", "clamp_max(odd, NaN)", "clamp(-odd, -1, NaN)", "stddev by (kind) (odd)", "stdvar(ln(level))",

        // What both refuse
        "requests_total{", "sum(", "temperature[5m", "1 +", "foo bar", "{}", "{a=\"\"}", "{__name__=~\".*\"}", "rate(temperature)", "sum(temperature[5m])", "1 and 2", "1 == 2", "temperature + \"a\"", "abs(1)", "unknown(1)",
        "temperature offset", "temperature @ foo", "(temperature)[5m]", "temperature[5m] offset 5m offset 5m", "temperature{zone=~\"(\"}", "topk(temperature, 1)", "1 + on(a) 2", "temperature and on(a) group_left temperature",
        "\"open", "'a\\q'", "temperature[0s]", "temperature[5m:0s]", "1m", "5x", "sum by (a b) (temperature)", "label_join(temperature)", "round(temperature, 1, 2)", "temperature{zone=\"a\" floor=\"b\"}", "x{__name__=\"y\"}",
        "temperature > bool on(zone) \"x\"", "bool", "and", "offset", "on", "sum", "by", "topk", "temperature bool", "$", "temperature +* 1", "temperature[5m:1m][5m]", "rate(temperature[5m])[5m]", "a:b[5m]:c", "sum() by (x)", "--1", "- -temperature", "temperature offset 1h30m", "temperature offset 30m1h",
    ];

    /// <summary>
    /// Prometheus moves a pinned range along with the steps where the function looks at the time, against what it says about
    /// pins; at one moment there is no difference.
    /// </summary>
    public static readonly string[] MomentsOnly = ["predict_linear(temperature[10m] @ 1700009000, 60)", "predict_linear(temperature[10m] @ end() offset 1m, 60)"];

    /// <summary>Where the order of an instant answer says something.</summary>
    public static bool Ordered(string expression) => expression.StartsWith("sort", StringComparison.Ordinal);
}
