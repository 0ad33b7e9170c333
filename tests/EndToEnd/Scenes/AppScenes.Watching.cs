using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.EndToEnd.Tests.Scenes;

/// <summary>What the applications did is seen without anything in them being set up for it.</summary>
public sealed partial class AppScenes
{
    private static async Task WatchingAsync(Cloud cloud)
    {
        var token = await RegisterAsync(cloud, "grace@example.org");
        var trace = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(cloud, "todo-api", "/api/v1/todos/quick"))
        {
            Content = new StringContent("""{"text":"see this request again","timeZone":"Europe/Berlin"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var answer = await cloud.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        var waterfall = await Eventually.GetAsync(
            async () => (await cloud.SlipwayAsync("trace", trace, "--logs")).Output,
            seen => seen.Contains("slipway-gateway: POST todo-api", StringComparison.Ordinal)
                && seen.Contains("todo-api:", StringComparison.Ordinal)
                && seen.Contains("insert into", StringComparison.OrdinalIgnoreCase)
                && seen.Contains("/api/v1/todos/quick", StringComparison.Ordinal),
            "one trace shows the gateway, the service and its statement, with their lines");
        Assert.Matches(@"todo-api: .*\d+(\.\d+)? m?s", waterfall);

        await Eventually.TrueAsync(
            async () => (await cloud.SlipwayAsync("metrics", "up{service=\"todo-api\"}")).Output.Contains("todo-api", StringComparison.Ordinal), "its figures are fetched");
        await FederatedAsync(cloud);
    }

    /// <summary>A Prometheus elsewhere takes over what we have and answers the same.</summary>
    private static async Task FederatedAsync(Cloud cloud)
    {
        if (Command.Find("prometheus") is null)
        {
            return;
        }

        const string Expression = "slipway_host_memory_bytes";
        var folder = Path.Combine(cloud.Home, "prometheus");
        Directory.CreateDirectory(folder);
        var port = Ports.Take().ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: slipway
                honor_labels: true
                metrics_path: /federate
                params: {"match[]": ['{job="slipway"}']}
                basic_auth: {username: any, password: {{(await File.ReadAllTextAsync(Path.Combine(cloud.Home, "admin-token"))).Trim()}}}
                static_configs: [{targets: ["127.0.0.1:{{cloud.TelemetryPort.ToString(CultureInfo.InvariantCulture)}}"]}]
            """);
        using var prometheus = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("prometheus")
        {
            ArgumentList = { "--config.file=prometheus.yml", "--storage.tsdb.path=data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error" },
            WorkingDirectory = folder,
        })!;
        try
        {
            var own = JsonNode.Parse((await cloud.SlipwayAsync("metrics", Expression, "--json")).Succeeded().Output)!["result"]![0]!["value"]![1]!.ToString();
            await Eventually.GetAsync(() => AskAsync(cloud, port, Expression), seen => seen == own, $"the other Prometheus answers {own}");
        }
        finally
        {
            prometheus.Kill(entireProcessTree: true);
            await prometheus.WaitForExitAsync();
        }
    }

    private static async Task<string?> AskAsync(Cloud cloud, string port, string expression)
    {
        try
        {
            using var answer = await cloud.Http.GetAsync(new Uri($"http://127.0.0.1:{port}/api/v1/query?query={expression}"));
            var result = answer.StatusCode == HttpStatusCode.OK ? JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["data"]!["result"]!.AsArray() : [];
            return result.Count > 0 ? result[0]!["value"]![1]!.ToString() : null;
        }
        catch (HttpRequestException)
        {
            // It is still starting.
            return null;
        }
    }
}
