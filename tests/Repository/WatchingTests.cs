using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Slipway.Repository.Tests;

/// <summary>Rules, dashboards and runbooks speak of what there is, and of each other.</summary>
public sealed partial class WatchingTests
{
    private const string Rules = "deploy/prometheus";

    private static readonly string[] s_functions =
    [
        "sum", "min", "max", "avg", "count", "rate", "increase", "topk", "by", "without", "and", "or", "unless", "on", "ignoring",
        "histogram_quantile", "sum_over_time", "avg_over_time", "max_over_time", "clamp_max", "clamp_min", "json",
    ];

    [Fact]
    public void Every_rule_file_is_a_PrometheusRule_of_its_own_name()
    {
        var names = RuleFiles().Select(path => Text(Document(path), "metadata", "name")).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(RuleFiles(), path => Assert.Equal(("monitoring.coreos.com/v1", "PrometheusRule"), (Text(Document(path), "apiVersion"), Text(Document(path), "kind"))));
        Assert.Contains("slipway-platform", names);
    }

    [Theory]
    [InlineData("platform.yaml", "ServiceDown", "critical", "== 0", "5m")]
    [InlineData("platform.yaml", "HighErrorRate", "critical", "> 0.05", "10m")]
    [InlineData("platform.yaml", "HighResponseTime", "warning", "> 2", "15m")]
    [InlineData("platform.yaml", "DatabaseDown", "critical", "slipway_database_up", "1m")]
    [InlineData("platform.yaml", "DiskSpaceLow", "critical", "> 0.90", "5m")]
    [InlineData("platform.yaml", "MemoryHigh", "warning", "> 0.80", "5m")]
    [InlineData("platform.yaml", "CPUHigh", "warning", "> 0.80", "10m")]
    [InlineData("platform.yaml", "SlowQueries", "warning", "> 1", "5m")]
    [InlineData("platform.yaml", "CacheHitRateLow", "warning", "< 0.70", "15m")]
    [InlineData("slo.yaml", "ErrorBudgetBurnFast", "critical", "> 14.4 * 0.0005", "2m")]
    [InlineData("slo.yaml", "ErrorBudgetBurnSlow", "warning", "> 6 * 0.0005", "15m")]
    [InlineData("telemetry.yaml", "HighMetricCardinality", "warning", "slipway_telemetry_series_refused_total", "10m")]
    [InlineData("titanic.yaml", "TitanicApiDown", "critical", "== 0", "1m")]
    [InlineData("titanic.yaml", "HighErrorRate", "critical", "> 0.05", "5m")]
    [InlineData("titanic.yaml", "HighLatencyP95", "warning", "> 0.2", "10m")]
    [InlineData("titanic.yaml", "PodCrashLooping", "critical", "slipway_instance_restarts_total", "1m")]
    [InlineData("titanic.yaml", "HpaAtMax", "warning", "slipway_service_scale_max", "15m")]
    [InlineData("titanic.yaml", "DbPoolExhausted", "critical", "db_pool_waiting", "1m")]
    [InlineData("titanic.yaml", "BudgetWarning", "warning", "> 0.8 * 1002.50", "1h")]
    [InlineData("titanic.yaml", "BudgetExceeded", "critical", "> 1002.50", "1h")]
    [InlineData("platform.yaml", "EventsStuck", "critical", "outbox_lag_seconds", "2m")]
    [InlineData("retail.yaml", "BooksDiffer", "critical", "payments_reconciliation_differences_total", "")]
    [InlineData("titanic-logs.yaml", "LogErrorSpike", "warning", "rate({service=\"titanic\", level=\"error\"}[5m])", "5m")]
    public void Every_documented_alert_is_there_with_its_threshold_its_time_and_its_weight(string file, string name, string severity, string expression, string after)
    {
        var alert = Assert.Single(Alerts($"{Rules}/{file}"), rule => Text(rule, "alert") == name);

        Assert.Contains(expression, Text(alert, "expr"), StringComparison.Ordinal);
        Assert.Equal((after, severity), (Text(alert, "for"), Text(alert, "labels", "severity")));
        Assert.NotEmpty(Text(alert, "annotations", "summary"));
    }

    [Fact]
    public void Every_alert_has_a_page_that_says_what_it_means_and_what_to_do()
    {
        var pages = RuleFiles().SelectMany(Alerts).Select(alert => (Name: Text(alert, "alert"), Page: Text(alert, "annotations", "runbook_url"))).ToList();

        Assert.True(pages.Count > 20);
        foreach (var (name, page) in pages)
        {
            Assert.Equal($"docs/runbooks/{name}.md", page);
            var text = Checkout.Read(page);
            Assert.StartsWith($"# {name}\n", text, StringComparison.Ordinal);
            Assert.All(new[] { "**Meaning.**", "**Impact.**", "**First commands.**", "**Mending.**" }, part => Assert.Contains(part, text, StringComparison.Ordinal));
            Assert.Equal(3, Regex.Count(text, "(?m)^    slipway "));
        }
    }

    [Fact]
    public async Task Prometheus_itself_accepts_the_rules_and_tells_their_stories_the_same_way()
    {
        if (Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists) is not { } promtool)
        {
            Assert.Skip("promtool is not here; Debian's package prometheus brings it.");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("slipway-rules-").FullName;
        try
        {
            var plain = new SerializerBuilder().Build();
            var rules = RuleFiles().Where(path => !path.Contains("logs", StringComparison.Ordinal)).ToList();
            foreach (var path in rules)
            {
                var spec = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(Checkout.Read(path))["spec"];
                await File.WriteAllTextAsync(Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(path)}.rules.yaml"), plain.Serialize(spec), TestContext.Current.CancellationToken);
            }

            var stories = Checkout.Files.Where(path => path.StartsWith($"{Rules}/tests/", StringComparison.Ordinal)).ToList();
            foreach (var story in stories)
            {
                File.Copy(Path.Combine(Checkout.Root, story), Path.Combine(folder, Path.GetFileName(story)));
            }

            await RunAsync(promtool, folder, ["check", "rules", .. rules.Select(path => $"{Path.GetFileNameWithoutExtension(path)}.rules.yaml")]);
            await RunAsync(promtool, folder, ["test", "rules", .. stories.Select(path => Path.GetFileName(path)!)]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_example_of_routes_names_receivers_and_secrets_that_it_has()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Checkout.Read("deploy/alertmanager/example.yaml")));
        var documents = stream.Documents.Select(document => document.RootNode).ToList();
        var spec = ((YamlMappingNode)documents[1])["spec"];
        var receivers = ((YamlSequenceNode)spec["receivers"]).Select(receiver => Text(receiver, "name")).ToHashSet();

        Assert.All(Values(spec["route"], "receiver"), name => Assert.Contains(name, receivers));
        Assert.Equal(Text(documents[0], "metadata", "name"), Assert.Single(new[] { "apiURL", "routingKey" }.SelectMany(kind => Nodes(spec, kind)).Select(reference => Text(reference, "name")).Distinct()));
        Assert.All(new[] { "apiURL", "routingKey" }.SelectMany(kind => Nodes(spec, kind)), reference => Assert.NotEmpty(Text(documents[0], "stringData", Text(reference, "key"))));
    }

    [Fact]
    public void Every_alert_on_metrics_was_tried_in_a_story()
    {
        var stories = string.Concat(Checkout.Files.Where(path => path.StartsWith($"{Rules}/tests/", StringComparison.Ordinal)).Select(Checkout.Read));

        var untried = RuleFiles().Where(path => !path.Contains("logs", StringComparison.Ordinal)).SelectMany(Alerts)
            .Select(alert => Text(alert, "alert")).Where(name => !stories.Contains($"alertname: {name}\n", StringComparison.Ordinal));
        Assert.Empty(untried);
    }

    [Fact]
    public void The_model_API_is_seen_on_the_eight_documented_panels()
    {
        using var dashboard = JsonDocument.Parse(Checkout.Read("deploy/grafana/10-grafana-dashboard-titanic-api.json"));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();

        Assert.Equal(
            ["Request rate", "Error rate", "Latency", "Pods and autoscaler", "CPU", "Memory", "Database pool and query time", "Recent errors"],
            panels.Select(panel => panel.GetProperty("title").GetString()));
        Assert.All(panels.Take(7), panel => Assert.Equal("prometheus", panel.GetProperty("datasource").GetProperty("type").GetString()));
        Assert.Equal("loki", panels[7].GetProperty("datasource").GetProperty("type").GetString());
        Assert.Equal(3, panels[2].GetProperty("targets").GetArrayLength());
    }

    [Fact]
    public void The_platform_is_seen_with_its_promise_and_what_is_left_of_it()
    {
        var platform = Checkout.Read("deploy/grafana/platform.json");
        Assert.All(
            new[] { "slo:availability:ratio14d", "slo:error_budget:remaining14d", "slo:errors:ratio1h", "slipway_database_up", "ALERTS", "slipway_host_disk_free_bytes" },
            figure => Assert.Contains(figure, platform, StringComparison.Ordinal));
    }

    [Fact]
    public void Panels_do_not_lie_upon_each_other_and_have_numbers_and_words_of_their_own()
    {
        foreach (var path in Dashboards())
        {
            using var dashboard = JsonDocument.Parse(Checkout.Read(path));
            var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
            Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
            Assert.All(panels, panel => Assert.NotEmpty(panel.GetProperty("description").GetString()!));
            var taken = new HashSet<(int, int)>();
            foreach (var place in panels.Select(panel => panel.GetProperty("gridPos")))
            {
                var (x, y, w, h) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
                Assert.True(x + w <= 24, path);
                Assert.All(from column in Enumerable.Range(x, w) from row in Enumerable.Range(y, h) select (column, row), cell => Assert.True(taken.Add(cell), $"{path}: two panels at {cell}"));
            }
        }
    }

    [Fact]
    public void Dashboards_and_rules_speak_only_of_metrics_that_are_listed_or_recorded()
    {
        var listed = ListedName().Matches(Checkout.Read("docs/metrics.md")).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var recorded = RuleFiles().SelectMany(AllRules).Select(rule => Text(rule, "record")).Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        var used = RuleFiles().Where(path => !path.Contains("logs", StringComparison.Ordinal)).SelectMany(AllRules).Select(rule => Text(rule, "expr"))
            .Concat(Dashboards().SelectMany(PanelExpressions)).SelectMany(Names).Distinct().ToList();

        Assert.True(used.Count > 40);
        var unknown = used.Where(name => !listed.Contains(name) && !listed.Contains(Suffix().Replace(name, "")) && !recorded.Contains(name));
        Assert.Empty(unknown);
    }

    [Fact]
    public void What_the_gateway_and_the_kit_tell_is_in_the_list()
    {
        var list = Checkout.Read("docs/metrics.md");
        var told = GatewayName().Matches(Checkout.Read("src/Gateway/Recording/FiguresText.cs"))
            .Select(match => $"slipway_gateway_{match.Groups[2].Value}{(match.Groups[1].Value == "Counter" || match.Groups[3].Value == "counter" ? "_total" : "")}")
            .Concat(AlertName().Matches(Checkout.Read("src/Telemetry/Alerts/AlertFigures.cs")).Select(match => match.Groups[1].Value)).Distinct().ToList();

        Assert.True(told.Count > 15);
        Assert.All(told, name => Assert.Contains($"| `{name}` |", list, StringComparison.Ordinal));
    }

    private static IEnumerable<string> RuleFiles() =>
        Checkout.Files.Where(path => path.StartsWith($"{Rules}/", StringComparison.Ordinal) && path.EndsWith(".yaml", StringComparison.Ordinal) && path.Count(letter => letter == '/') == 2);

    private static IEnumerable<string> Dashboards() =>
        Checkout.Files.Where(path => path.StartsWith("deploy/grafana/", StringComparison.Ordinal) && path.EndsWith(".json", StringComparison.Ordinal));

    private static IEnumerable<YamlMappingNode> AllRules(string path) =>
        from YamlMappingNode @group in (YamlSequenceNode)((YamlMappingNode)Document(path)["spec"])["groups"]
        from YamlMappingNode rule in (YamlSequenceNode)@group["rules"]
        select rule;

    private static IEnumerable<YamlMappingNode> Alerts(string path) => AllRules(path).Where(rule => Text(rule, "alert").Length > 0);

    private static List<string> PanelExpressions(string path)
    {
        using var dashboard = JsonDocument.Parse(Checkout.Read(path));
        return
        [
            .. from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
               where panel.GetProperty("datasource").GetProperty("type").GetString() == "prometheus"
               from target in panel.GetProperty("targets").EnumerateArray()
               select target.GetProperty("expr").GetString()!,
        ];
    }

    /// <summary>The names of metrics in an expression: words that are no function, no label, no duration and no text.</summary>
    private static IEnumerable<string> Names(string expression)
    {
        var bare = Grouping().Replace(Braces().Replace(expression, ""), " ");
        return Word().Matches(Brackets().Replace(bare, "")).Select(match => match.Value).Where(word => !s_functions.Contains(word));
    }

    private static IEnumerable<string> Values(YamlNode node, string name) => Nodes(node, name).OfType<YamlScalarNode>().Select(value => value.Value ?? "");

    /// <summary>Everything of that name, however deep.</summary>
    private static IEnumerable<YamlNode> Nodes(YamlNode node, string name) => node switch
    {
        YamlMappingNode map => map.Children.SelectMany(child => (((YamlScalarNode)child.Key).Value == name ? [child.Value] : Enumerable.Empty<YamlNode>()).Concat(Nodes(child.Value, name))),
        YamlSequenceNode list => list.SelectMany(item => Nodes(item, name)),
        _ => [],
    };

    private static YamlMappingNode Document(string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Checkout.Read(path)));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    private static string Text(YamlNode node, params string[] path)
    {
        foreach (var step in path)
        {
            if (node is not YamlMappingNode map || !map.Children.TryGetValue(step, out var next))
            {
                return "";
            }

            node = next;
        }

        return ((YamlScalarNode)node).Value ?? "";
    }

    private static async Task RunAsync(string program, string folder, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await output + await error);
    }

    [GeneratedRegex(@"^\| `([A-Za-z_:]+[A-Za-z0-9_:]*)` \|", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ListedName();

    [GeneratedRegex(@"\b(Counter|Describe|Series)\(""([a-z_]+)""(?:, ""([a-z]+)"")?", RegexOptions.CultureInvariant)]
    private static partial Regex GatewayName();

    [GeneratedRegex(@"""(slipway_alert_[a-z_]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex AlertName();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Braces();

    [GeneratedRegex(@"\[[^\]]*\]", RegexOptions.CultureInvariant)]
    private static partial Regex Brackets();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring)\s*\([^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"(?<![\w.:$])[A-Za-z_:][A-Za-z0-9_:]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("_(?:bucket|count|sum)$", RegexOptions.CultureInvariant)]
    private static partial Regex Suffix();
}
