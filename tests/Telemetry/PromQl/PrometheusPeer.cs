using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Slipway.Telemetry.Tests.PromQl;

/// <summary>The real Prometheus with the same data, one process for all who compare with it.</summary>
public sealed class PrometheusPeer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("promql-peer").FullName;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private Process? _process;
    private Uri? _address;

    /// <summary>Who compares with it takes part here.</summary>
    [CollectionDefinition]
    public sealed class Shared : ICollectionFixture<PrometheusPeer>;

    internal MemorySeries Data { get; } = PeerData.Make();

    /// <summary>Why there is nothing to compare with.</summary>
    public string? Missing { get; private set; }


    internal static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        try
        {
            await PrepareAsync();
        }
        catch
        {
            // Nobody disposes of what did not come up.
            await DisposeAsync();
            throw;
        }
    }

    private async Task PrepareAsync()
    {
        if (Find("prometheus") is not { } prometheus || Find("promtool") is not { } promtool)
        {
            Missing = "prometheus is not installed (apt-get install prometheus)";
            return;
        }

        var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;
        var metrics = Path.Combine(_folder, "metrics.txt");
        await File.WriteAllTextAsync(metrics, PeerData.OpenMetrics(Data), limit);
        await File.WriteAllTextAsync(Path.Combine(_folder, "prometheus.yml"), "global: {}\n", limit);
        var made = await RunAsync(promtool, ["tsdb", "create-blocks-from", "openmetrics", metrics, Path.Combine(_folder, "data")], limit);
        Assert.True(made.Code == 0, made.Output);
        for (var attempt = 0; ; attempt++)
        {
            var port = FreePort();
            if (await StartAsync(prometheus, port, limit))
            {
                _address = new Uri($"http://127.0.0.1:{port}/");
                return;
            }

            Assert.True(attempt < 3, "prometheus did not start");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_process is not null)
        {
            await StopAsync(_process);
        }

        Directory.Delete(_folder, recursive: true);
    }

    public async Task<JsonElement> AskAsync(string path, params (string Name, string Value)[] parameters)
    {
        using var form = new FormUrlEncodedContent(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
        using var answer = await _client.PostAsync(new Uri(_address!, path), form);
        return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement;
    }

    public async Task<(int Status, string Body)> ReadAsync(string pathAndQuery)
    {
        using var answer = await _client.GetAsync(new Uri(_address!, pathAndQuery));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    internal static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(process);
            throw;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task StopAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<bool> StartAsync(string prometheus, int port, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(prometheus,
            [$"--config.file={_folder}/prometheus.yml", $"--storage.tsdb.path={_folder}/data", "--storage.tsdb.retention.time=100y", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (!_process.HasExited)
        {
            try
            {
                using var answer = await _client.GetAsync(new Uri($"http://127.0.0.1:{port}/-/ready"), cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
        }

        await StopAsync(_process);
        _process = null;
        return false;
    }
}
