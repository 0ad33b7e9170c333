using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.EndToEnd.Tests.Scenes;

/// <summary>What happens on the platform is seen: by its own commands, by the tools of Prometheus, and by whoever is to be told.</summary>
[Collection(SharedCloud.Collection)]
public sealed class TelemetryScenes(SharedCloud shared)
{
    private readonly Cloud _cloud = shared.Cloud;

    [Fact]
    public async Task A_request_is_found_again_as_a_trace_as_lines_and_as_figures()
    {
        (await _cloud.DeployHelloAsync("watched")).Succeeded();
        var trace = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        using var request = new HttpRequestMessage(HttpMethod.Get, _cloud.UrlOf("watched"));
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var answer = await _cloud.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var waterfall = await Eventually.GetAsync(
            async () => (await _cloud.SlipwayAsync("trace", trace, "--logs")).Output,
            seen => seen.Contains("slipway-gateway: GET watched", StringComparison.Ordinal) && seen.Contains("/ 200 in ", StringComparison.Ordinal),
            "the trace shows the gateway's part and its line");
        Assert.Contains("status 200", waterfall, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await _cloud.SlipwayAsync("logs", "watched", "--since", "10m", "--grep", trace)).Output.Contains(" 200 in ", StringComparison.Ordinal), "the line is found by its text");
        await Eventually.TrueAsync(
            async () => (await _cloud.SlipwayAsync("top", "--json")).Output is { Length: > 0 } text
                && JsonNode.Parse(text)!["items"]!.AsArray().Any(row => (string?)row!["service"] == "watched" && (bool?)row["up"] == true && (double?)row["memoryBytes"] > 0),
            "the service is in the table with what it uses");
    }

    [Fact]
    public async Task A_service_that_is_stopped_raises_an_alert_and_somebody_is_told()
    {
        (await _cloud.DeployHelloAsync("guarded")).Succeeded();
        await Eventually.TrueAsync(
            async () => (await _cloud.SlipwayAsync("metrics", "sum(slipway_instances{service=\"guarded\",state=~\"running|frozen\"}) > 0")).Output.Contains("{}", StringComparison.Ordinal),
            "its instance is counted");
        using var receiver = new Receiver();
        (await _cloud.ApplyAsync($$$"""
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: guarded
              namespace: default
            spec:
              groups:
                - name: guarded
                  interval: 1s
                  rules:
                    - alert: GuardedIsGone
                      expr: sum by (service) (slipway_instances{service="guarded",state=~"running|frozen"}) == 0 or absent(slipway_instances{service="guarded",state=~"running|frozen"})
                      labels:
                        severity: critical
                      annotations:
                        summary: "{{ $labels.service }} has no instance"
            ---
            apiVersion: monitoring.coreos.com/v1alpha1
            kind: AlertmanagerConfig
            metadata:
              name: guarded
              namespace: default
            spec:
              route:
                receiver: scene
                groupBy: [alertname]
                groupWait: 1s
                groupInterval: 1s
                repeatInterval: 1h
                matchers:
                  - {name: alertname, matchType: "=", value: GuardedIsGone}
              receivers:
                - name: scene
                  webhookConfigs:
                    - url: {{{receiver.Address}}}
            """)).Succeeded();
        (await _cloud.SlipwayAsync("scale", "guarded", "--stop")).Succeeded();

        var told = JsonNode.Parse(await receiver.FirstAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(("firing", "GuardedIsGone", "guarded has no instance"), (
            (string?)told["status"], (string?)told["alerts"]![0]!["labels"]!["alertname"], (string?)told["alerts"]![0]!["annotations"]!["summary"]));
        await Eventually.TrueAsync(
            async () => (await _cloud.SlipwayAsync("alerts")).Output.Contains("GuardedIsGone", StringComparison.Ordinal), "our own command shows it");
        (await _cloud.SlipwayAsync("alerts", "silence", "alertname=GuardedIsGone", "--for", "10m")).Succeeded();
        Assert.Contains("GuardedIsGone", (await _cloud.SlipwayAsync("alerts", "silences")).Succeeded().Output, StringComparison.Ordinal);
        (await _cloud.SlipwayAsync("delete", "prometheusrule", "guarded")).Succeeded();
        (await _cloud.SlipwayAsync("delete", "alertmanagerconfig", "guarded")).Succeeded();
    }

    [Fact]
    public async Task The_tools_of_Prometheus_get_the_answers_our_own_command_gets()
    {
        Assert.SkipWhen(Command.Find("promtool") is null, "promtool is not installed here.");
        const string Expression = "sum(slipway_host_memory_bytes{job=\"slipway\"})";
        var own = await Eventually.GetAsync(
            async () => (await _cloud.SlipwayAsync("metrics", Expression, "--json")).Output, seen => seen.Contains("\"value\"", StringComparison.Ordinal), "the figure was kept");
        var theirs = (await Command.RunAsync("promtool", ["query", "instant", Door.Replace("://", $"://anybody:{Token}@", StringComparison.Ordinal), Expression])).Succeeded().Output;

        Assert.Contains((string)JsonNode.Parse(own)!["result"]![0]!["value"]![1]!, theirs, StringComparison.Ordinal);
        var page = (await GetAsync("/metrics")).Replace("\r", "", StringComparison.Ordinal);
        var findings = await Command.RunAsync("promtool", ["check", "metrics"], input: page);
        Assert.True(findings.ExitCode is 0 or 3, $"{findings.Output}{findings.Error}");
    }

    [Fact]
    public async Task Nobody_asks_without_the_token()
    {
        using var refused = await _cloud.Http.GetAsync(new Uri($"{Door}/api/v1/query?query=up"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("\"status\":\"success\"", await GetAsync("/api/v1/query?query=up"), StringComparison.Ordinal);
    }

    private string Door => $"http://127.0.0.1:{_cloud.TelemetryPort.ToString(CultureInfo.InvariantCulture)}";

    private string Token => File.ReadAllText(Path.Combine(_cloud.Home, "admin-token")).Trim();

    private async Task<string> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Door + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var answer = await _cloud.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    /// <summary>Whoever is to be told: takes calls over HTTP and remembers what they say.</summary>
    private sealed class Receiver : IDisposable
    {
        private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Receiver()
        {
            _listener.Start();
            _ = ListenAsync();
        }

        public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}/told";

        public Task<string> FirstAsync(CancellationToken cancellation) => _first.Task.WaitAsync(s_limit, TimeProvider.System, cancellation);

        public void Dispose() => _listener.Dispose();

        private async Task ListenAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await AnswerAsync(client.GetStream());
                }
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException or IOException)
            {
                // The scene is over.
            }
        }

        private async Task AnswerAsync(NetworkStream stream)
        {
            var text = new StringBuilder();
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer) is > 0 and var read)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
                if (BodyOf(text.ToString()) is { } body)
                {
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                    _first.TrySetResult(body);
                    return;
                }
            }
        }

        /// <summary>Null until it is whole.</summary>
        private static string? BodyOf(string message)
        {
            var head = message.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var length = head < 0 ? null : message[..head].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            return length is not null && Encoding.UTF8.GetByteCount(message[(head + 4)..]) >= int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture) ? message[(head + 4)..] : null;
        }
    }
}
