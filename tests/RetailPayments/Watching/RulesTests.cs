using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.RetailPayments.Tests.Scenes;

namespace Slipway.RetailPayments.Tests.Watching;

/// <summary>Alerts and panels say what the documents ask for, and speak only of figures that exist.</summary>
[Collection(SharedShop.Name)]
public sealed partial class RulesTests(ShopScene shop)
{
    private static readonly string s_rules = Path.Combine(Root(), "deploy/prometheus/retail");
    private static readonly string s_dashboard = Path.Combine(Root(), "deploy/grafana/retail/dashboard.json");

    [Theory]
    [InlineData("check", "rules.yaml")]
    [InlineData("test", "rules_test.yaml")]
    public async Task Prometheus_itself_accepts_the_rules(string verb, string file)
    {
        if (Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists) is not { } promtool)
        {
            Assert.Skip("promtool is not here; Debian's package prometheus brings it.");
            return;
        }

        var start = new ProcessStartInfo(promtool) { WorkingDirectory = s_rules, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add("rules");
        start.ArgumentList.Add(file);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);

        Assert.True(process.ExitCode == 0, await output + await error);
    }

    [Theory]
    [InlineData("ServiceDown", "up", "5m")]
    [InlineData("HighErrorRate", "0.05", "10m")]
    [InlineData("HighResponseTime", "> 2", "15m")]
    [InlineData("DatabaseDown", "db_breaker_open", "1m")]
    [InlineData("DiskSpaceLow", "0.90", "5m")]
    [InlineData("MemoryHigh", "0.80", "5m")]
    [InlineData("CPUHigh", "0.80", "10m")]
    [InlineData("SlowQueries", "> 1", "5m")]
    [InlineData("CacheHitRateLow", "0.70", "15m")]
    public async Task Every_documented_alert_is_there_with_its_threshold_and_is_tried(string name, string threshold, string after)
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(s_rules, "rules.yaml"));
        var alert = rules.Split("- alert: ").Single(part => part.StartsWith(name + "\n", StringComparison.Ordinal));

        Assert.Contains(threshold, alert, StringComparison.Ordinal);
        Assert.Contains($"for: {after}", alert, StringComparison.Ordinal);
        Assert.Contains("runbook:", alert, StringComparison.Ordinal);
        Assert.Contains($"alertname: {name}\n", await File.ReadAllTextAsync(Path.Combine(s_rules, "rules_test.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_has_the_ten_documented_panels()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(s_dashboard));

        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();

        Assert.Equal(
            ["Request rate", "Response time", "Error rate", "Service health", "CPU per service", "Memory per service", "Database connections", "Cache operations", "Event bus throughput", "Business"],
            panels.Select(panel => panel.GetProperty("title").GetString()));
        Assert.All(panels, panel => Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray()));
        Assert.Equal(3, panels[1].GetProperty("targets").GetArrayLength());
    }

    [Fact]
    public async Task Every_figure_that_is_looked_at_is_told_by_a_service()
    {
        await shop.PaidAsync();
        using var unsent = await shop.Payments.Client.GetAsync("/api/v1/payments");
        var scraped = ScrapedFamily().Matches(await shop.Payments.Client.GetStringAsync("/metrics")).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        // The reconciliation counter speaks once there was a reconciliation; those of other services are looked up where they are declared.
        var declared = Instruments.DeclaredIn(Path.Combine(Root(), "apps/retail"), Path.Combine(Root(), "src/Identity"));
        var kit = Instruments.DeclaredIn(Path.Combine(Root(), "src/Sdk/Caching"));
        var used = await UsedAsync();

        Assert.True(used.Count > 10, string.Join(", ", used));
        var missing = used.Where(name => !scraped.Contains(name) && !declared.Contains(name) && !kit.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)) && !name.StartsWith("node_filesystem_", StringComparison.Ordinal)).ToList();
        var notYet = missing.Where(name => !HasFigures(name.Split('_')[0])).ToList();
        Assert.True(missing.Count == notYet.Count, $"Nobody tells: {string.Join(", ", missing)}");
        Assert.SkipWhen(notYet.Count > 0, $"These services tell no figures yet: {string.Join(", ", notYet)}");
    }

    /// <summary>Whether the service of that name declares instruments of its own.</summary>
    private static bool HasFigures(string service) =>
        Directory.GetDirectories(Path.Combine(Root(), "apps/retail")).Where(folder => Path.GetFileName(folder).Equals("Retail." + service, StringComparison.OrdinalIgnoreCase)
            || Path.GetFileName(folder).Equals("Retail." + service.TrimEnd('s'), StringComparison.OrdinalIgnoreCase)).Select(folder => Instruments.DeclaredIn(folder)).Any(names => names.Count > 0);

    private static async Task<HashSet<string>> UsedAsync()
    {
        var expressions = new List<string>();
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(s_dashboard));
        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            expressions.AddRange(panel.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("expr").GetString()!));
        }

        var rules = await File.ReadAllTextAsync(Path.Combine(s_rules, "rules.yaml"));
        expressions.AddRange(AlertExpression().Matches(rules).Select(match => match.Value));
        return [.. expressions.SelectMany(expression => MetricName().Matches(Quoted().Replace(expression, "\"\"")).Select(match => Suffix().Replace(match.Value, "")))];
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Slipway.slnx")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }

    [GeneratedRegex(@"^# TYPE (\S+) ", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ScrapedFamily();

    /// <summary>From expr to the next key of the rule.</summary>
    [GeneratedRegex(@"(?<=expr:).*?(?=\n\s+(?:for|labels|- record|- alert|- name):|\n\n)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex AlertExpression();

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    /// <summary>Words with an underscore that are neither function nor label nor part of a recorded name.</summary>
    [GeneratedRegex(@"(?<![:\w$])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w:])(?!\s*(?:\(|=|!))", RegexOptions.CultureInvariant)]
    private static partial Regex MetricName();

    [GeneratedRegex("_(?:bucket|count|sum)$", RegexOptions.CultureInvariant)]
    private static partial Regex Suffix();
}
