using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Bench.Telemetry;

/// <summary>Prometheus with the same series, if it is installed. It gets them as blocks that its own tool makes of a file of text.</summary>
internal static class Peer
{
    public static async Task RunAsync(string folder, int series, DateTimeOffset end, double days, int everyMilliseconds)
    {
        var (server, tool) = (Find("prometheus"), Find("promtool"));
        if (server is null || tool is null)
        {
            Console.WriteLine("peer: Prometheus is not installed (apt-get install prometheus), so there is nothing to compare with");
            return;
        }

        var text = Path.Combine(folder, "peer.om");
        var data = Path.Combine(folder, "peer");
        var start = end - TimeSpan.FromDays(days);
        var scrapes = (int)(days * 86_400_000 / everyMilliseconds);
        await Figures.WriteAsync(text, series, start.ToUnixTimeMilliseconds() + everyMilliseconds, scrapes, everyMilliseconds);
        var time = Stopwatch.GetTimestamp();
        await RunAsync(tool, ["tsdb", "create-blocks-from", "openmetrics", text, data, "--max-block-duration=24h"]);
        var bytes = new DirectoryInfo(data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        var samples = (double)scrapes * series;
        Console.WriteLine($"peer: promtool made blocks of {samples:N0} samples at {samples / Stopwatch.GetElapsedTime(time).TotalSeconds:N0}/s, {bytes / samples:0.00} bytes a sample");
        File.Delete(text);

        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, "global: {}\n");
        var port = FreePort();
        var begin = new ProcessStartInfo(server,
        [
            $"--config.file={config}", $"--storage.tsdb.path={data}", "--storage.tsdb.retention.time=3650d", $"--web.listen-address=127.0.0.1:{port}",
            "--query.max-samples=200000000", "--log.level=error",
        ]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(begin)!;
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(5) };
            await ReadyAsync(http);
            var (from, to) = (start.ToUnixTimeSeconds() + 3600, end.ToUnixTimeSeconds());
            await AskAsync(http, "last of every 5 minutes, answered every 5 minutes", "last_over_time({namespace=\"default\"}[5m])", from, to, 300, days);
            await AskAsync(http, "rate of windows of 5 minutes each hour", "rate({namespace=\"default\"}[5m])", from, to, 3600, days);
            process.Refresh();
            Console.WriteLine($"  resident memory of the peer afterwards: {process.WorkingSet64 / 1048576:N0} MiB; of this process: {Environment.WorkingSet / 1048576:N0} MiB");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Prometheus, scraping every second; nothing if it is not installed.</summary>
    public static async Task<(Process Process, Uri Address)?> ScrapeAsync(string folder, string address, int targets)
    {
        if (Find("prometheus") is not { } server)
        {
            Console.WriteLine("peer: Prometheus is not installed (apt-get install prometheus), so there is nothing to compare with");
            return null;
        }

        var config = Path.Combine(folder, "scraping.yml");
        var jobs = string.Concat(Enumerable.Range(0, targets).Select(target =>
            $"- {{job_name: t{target}, metrics_path: /{target}/metrics, scrape_interval: 1s, scrape_timeout: 1s, honor_labels: true, static_configs: [{{targets: ['{address}'], labels: {{target: t{target}}}}}]}}\n"));
        await File.WriteAllTextAsync(config, "scrape_configs:\n" + jobs);
        var port = FreePort();
        var process = Process.Start(new ProcessStartInfo(server,
        [
            $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder, "scraping")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
        ]))!;
        return (process, new Uri($"http://127.0.0.1:{port}"));
    }

    /// <summary>How many samples a running Prometheus says it has stored.</summary>
    public static async Task<double> StoredAsync(Uri peer)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = peer };
        var own = await http.GetStringAsync("/metrics");
        return own.Split('\n').Where(line => line.StartsWith("prometheus_tsdb_head_samples_appended_total", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    private static async Task AskAsync(HttpClient http, string what, string expression, long from, long to, int step, double days)
    {
        // Prometheus answers at most 11,000 points for a series.
        from = Math.Max(from, to - (10_999L * step));
        var address = string.Create(CultureInfo.InvariantCulture, $"/api/v1/query_range?query={Uri.EscapeDataString($"count({expression})")}&start={from}&end={to}&step={step}");
        var times = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            var time = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync(address);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
            times.Add(Stopwatch.GetElapsedTime(time).TotalMilliseconds);
        }

        Console.WriteLine($"  {what}, counted: first {times[0]:N0} ms, then {times.Skip(1).Min():N0} ms over {days:0.#} days, evaluation and answer included");
    }

    private static async Task ReadyAsync(HttpClient http)
    {
        for (var i = 0; i < 300; i++)
        {
            try
            {
                using var answer = await http.GetAsync("/-/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        throw new InvalidOperationException("Prometheus did not get ready within a minute");
    }

    private static async Task RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin")
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
