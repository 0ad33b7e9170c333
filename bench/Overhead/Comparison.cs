using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Slipway.Overhead.Bench;

/// <summary>
/// The same service behind the same gateway twice, once with spans and once without, loaded in turn. Rounds change their order, so a
/// busy moment or a warming processor falls on both; what is told is the ratio.
/// </summary>
internal static partial class Comparison
{
    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 6;
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4;
        var connections = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 64;
        if (Find("wrk") is not { } wrk)
        {
            Console.Error.WriteLine("wrk is not installed (Debian package: wrk).");
            return 1;
        }

        using var collector = new Child("collector");
        using var plainService = new Child("service");
        using var plainGateway = new Child("gateway", "plain", $"{plainService.Address}");
        using var tracedService = new Child("service", $"http://{collector.Address}");
        using var tracedGateway = new Child("gateway", "traced", $"{tracedService.Address}");
        var off = new Side(plainGateway, plainService);
        var on = new Side(tracedGateway, tracedService);
        foreach (var side in new[] { off, on, off, on })
        {
            await LoadAsync(wrk, side, connections, 3);
        }

        off.Forget();
        on.Forget();
        var dropped = on.Dropped;
        for (var round = 0; round < rounds; round++)
        {
            foreach (var side in round % 2 == 0 ? new[] { off, on } : [on, off])
            {
                await LoadAsync(wrk, side, connections, seconds);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: off {off.Rates[^1]:F0} req/s, on {on.Rates[^1]:F0} req/s, ratio {on.Rates[^1] / off.Rates[^1]:F3}"));
        }

        var ratios = off.Rates.Zip(on.Rates, (without, with) => with / without).ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"spans cost {(1 - Median(ratios)) * 100:F1} % of throughput (median of {rounds} rounds; wanted: at most 8 %)"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"processor per request: gateway {off.GatewayMicros:F1} -> {on.GatewayMicros:F1} us, service {off.ServiceMicros:F1} -> {on.ServiceMicros:F1} us; spans dropped: {on.Dropped - dropped} of {2 * on.Requests:F0}"));
        return 0;
    }

    private static async Task LoadAsync(string wrk, Side side, int connections, int seconds)
    {
        var (gateway, service) = side.Micros();
        using var process = Process.Start(new ProcessStartInfo(wrk, ["-t", "2", "-c", $"{connections}", "-d", $"{seconds}s", "-H", "Host: bench.localhost", $"http://{side.Address}/api/v1/things/42"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var errors = Failures().Match(output);
        if (errors.Success)
        {
            Console.WriteLine(errors.Value.Trim());
        }

        var (gatewayAfter, serviceAfter) = side.Micros();
        side.Add(double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), seconds, gatewayAfter - gateway, serviceAfter - service);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"(Socket errors|Non-2xx).*")]
    private static partial Regex Failures();

    /// <summary>A gateway with its service, and what was measured of them.</summary>
    private sealed class Side(Child gateway, Child service)
    {
        private double _gateway;
        private double _service;

        public List<double> Rates { get; } = [];

        public double Requests { get; private set; }

        public IPEndPoint Address => gateway.Address;

        public double GatewayMicros => _gateway / Requests;

        public double ServiceMicros => _service / Requests;

        public long Dropped => gateway.Read().Dropped + service.Read().Dropped;

        public (double Gateway, double Service) Micros() => (gateway.Read().Micros, service.Read().Micros);

        public void Add(double rate, int seconds, double gatewayMicros, double serviceMicros)
        {
            Rates.Add(rate);
            Requests += rate * seconds;
            _gateway += gatewayMicros;
            _service += serviceMicros;
        }

        public void Forget()
        {
            Rates.Clear();
            (Requests, _gateway, _service) = (0, 0, 0);
        }
    }
}
