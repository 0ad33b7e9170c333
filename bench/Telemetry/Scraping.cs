using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Telemetry.Exposition;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Bench.Telemetry;

/// <summary>
/// Both fetch the same pages, ten of 1,000 series, every second: a process with our reader and store, and Prometheus. Told are the
/// memory and the processor time of each at the end.
/// </summary>
internal static class Scraping
{
    private const int Targets = 10;
    private const int SeriesPerTarget = 1_000;

    public static async Task CompareAsync(string folder, int seconds)
    {
        await using var pages = await ServeAsync();
        var address = pages.Urls.First();
        var ours = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(Scraping).Assembly.Location, "scrape", address, Path.Combine(folder, "scrape"), $"{seconds}"]))!;
        var peer = await Peer.ScrapeAsync(folder, new Uri(address).Authority, Targets);
        Console.WriteLine();
        Console.WriteLine($"{Targets * SeriesPerTarget:N0} series scraped every second for {seconds} s from the same pages:");
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        Tell("Slipway (reader, store, one HTTP client)", ours);
        if (peer is var (process, door))
        {
            Tell("Prometheus", process);
            Console.WriteLine($"    which stored {await Peer.StoredAsync(door):N0} samples");
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await ours.WaitForExitAsync();
    }

    /// <summary>What the child process does.</summary>
    public static async Task RunAsync(string address, string folder, int seconds)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds + 3));
        await using var store = await MetricStore.OpenAsync(new MetricStoreOptions { Folder = folder }, TimeProvider.System, NullLoggerFactory.Instance, stop.Token);
        var running = store.RunAsync(stop.Token);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address) };
        var readers = Enumerable.Range(0, Targets).Select(target => new ExpositionReader(LabelSet.Of(("instance", $"{target}")))).ToList();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var buffer = new byte[1 << 20];
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                for (var target = 0; target < Targets; target++)
                {
                    using var answer = await http.GetAsync($"/{target}/metrics", HttpCompletionOption.ResponseHeadersRead, stop.Token);
                    await using var body = await answer.Content.ReadAsStreamAsync(stop.Token);
                    var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop.Token);
                    if (readers[target].Read(buffer.AsSpan(0, length), ExpositionForm.Text, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) is { } failure)
                    {
                        throw new InvalidOperationException(failure.ToString());
                    }

                    store.Append($"default/{target}", readers[target].Samples);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }

        await running;
        Console.WriteLine($"    Slipway stored {store.StoredSamples:N0} samples, in three seconds more");
    }

    private static async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var figures = new Figures(SeriesPerTarget);
        var made = 0L;
        byte[] page = [];
        app.Run(async http =>
        {
            lock (figures)
            {
                var second = TimeProvider.System.GetTimestamp() / TimeProvider.System.TimestampFrequency;
                if (made != second)
                {
                    figures.Next();
                    (page, made) = (figures.Page(), second);
                }
            }

            http.Response.ContentType = ExpositionForms.TextType;
            await http.Response.Body.WriteAsync(page, http.RequestAborted);
        });
        await app.StartAsync();
        return app;
    }

    private static void Tell(string who, Process process)
    {
        process.Refresh();
        var most = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {who}: {process.WorkingSet64 / 1048576:N0} MiB resident, at most {long.Parse(most[1], CultureInfo.InvariantCulture) / 1024:N0} MiB, {process.TotalProcessorTime.TotalSeconds:0.0} s of processor"));
    }
}
