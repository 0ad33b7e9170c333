using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Slipway.Gateway.Bench;

/// <summary>Runs every contender in turn, several rounds, and prints medians as ratios: only ratios travel between machines.</summary>
internal static partial class Comparison
{
    private static readonly int[] s_connections = [32, 256];

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4;
        if (Find("wrk") is not { } wrk)
        {
            Console.Error.WriteLine("wrk is not installed (Debian package: wrk).");
            return 1;
        }

        var folder = Directory.CreateTempSubdirectory("slipway-bench-");
        using var upstream = Child.Self("upstream");
        var contenders = new List<(string Name, Child Child)> { ("slipway", Child.Self("gateway", $"{upstream.Address}")), ("yarp", Child.Self("yarp", $"{upstream.Address}")) };
        AddOthers(contenders, upstream.Address, folder.FullName);
        contenders.Add(("direct", Child.Alias(upstream.Address)));
        try
        {
            foreach (var connections in s_connections)
            {
                Console.WriteLine($"{connections} connections");
                await MeasureAsync(wrk, contenders, connections, rounds, seconds);
            }
        }
        finally
        {
            contenders.ForEach(contender => contender.Child.Dispose());
            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static async Task MeasureAsync(string wrk, List<(string Name, Child Child)> contenders, int connections, int rounds, int seconds)
    {
        var rates = contenders.ToDictionary(contender => contender.Name, _ => new List<double>());
        var slowest = contenders.ToDictionary(contender => contender.Name, _ => new List<double>());
        var figures = contenders.ToDictionary(contender => contender.Name, _ => (Bytes: 0L, Micros: 0L, Requests: 0.0));
        foreach (var (_, child) in contenders)
        {
            await LoadAsync(wrk, child.Address, connections, 2);
        }

        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, child) in contenders)
            {
                var before = child.Read();
                var (rate, slow) = await LoadAsync(wrk, child.Address, connections, seconds);
                var after = child.Read();
                rates[name].Add(rate);
                slowest[name].Add(slow);
                var sum = figures[name];
                figures[name] = (sum.Bytes + after.Bytes - before.Bytes, sum.Micros + after.Micros - before.Micros, sum.Requests + (rate * seconds));
            }
        }

        var peer = rates.ContainsKey("nginx") ? "nginx" : "slipway";
        var (reference, slowReference) = (Median(rates[peer]), Median(slowest[peer]));
        Console.WriteLine($"  {"",-8} {"req/s",9} {$"{peer}=1",9} {"p99 ms",9} {$"{peer}=1",9} {"alloc B/req",12} {"CPU us/req",11}");
        foreach (var (name, _) in contenders)
        {
            var (bytes, micros, requests) = figures[name];
            var own = bytes > 0 ? $"{bytes / requests,12:F0} {micros / requests,11:F1}" : "";
            Console.WriteLine($"  {name,-8} {Median(rates[name]),9:F0} {Median(rates[name]) / reference,9:F2} {Median(slowest[name]),9:F2} {Median(slowest[name]) / slowReference,9:F2} {own}");
        }
    }

    private static void AddOthers(List<(string, Child)> contenders, IPEndPoint upstream, string folder)
    {
        Add("nginx", "nginx", port => ["-p", folder, "-e", "stderr", "-c", Write(folder, "nginx.conf", $$"""
            daemon off; worker_processes 2; pid {{folder}}/nginx.pid; error_log stderr crit;
            events { worker_connections 4096; }
            http { access_log off; client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              keepalive_requests 100000000;
              upstream app { server {{upstream}}; keepalive 512; keepalive_requests 100000000; }
              server { listen 127.0.0.1:{{port}} backlog=1024; location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; } } }
            """)]);
        Add("haproxy", "haproxy", port => ["-db", "-f", Write(folder, "haproxy.cfg", $"""
            global
              maxconn 4096
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
            frontend f
              bind 127.0.0.1:{port}
              default_backend b
            backend b
              http-reuse always
              server app {upstream}

            """)]);
        Add("caddy", "caddy", port => ["run", "--adapter", "caddyfile", "--config", Write(folder, "Caddyfile", $$"""
            { 
              admin off
              auto_https off
            }
            http://:{{port}} {
              reverse_proxy {{upstream}} {
                transport http {
                  keepalive_idle_conns_per_host 512
                }
              }
            }

            """)]);

        void Add(string name, string package, Func<int, string[]> arguments)
        {
            if (Find(name) is not { } path)
            {
                Console.WriteLine($"{name} is not installed and left out (Debian package: {package}).");
                return;
            }

            var port = FreePort();
            contenders.Add((name, Child.Other(path, port, arguments(port))));
        }
    }

    private static async Task<(double Rate, double SlowestMilliseconds)> LoadAsync(string wrk, IPEndPoint address, int connections, int seconds)
    {
        using var process = Process.Start(new ProcessStartInfo(wrk, ["--latency", "-t", "2", "-c", $"{connections}", "-d", $"{seconds}s", "-H", "Host: bench.localhost", $"http://{address}/"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var errors = Failures().Match(output);
        if (errors.Success)
        {
            Console.WriteLine($"  {address}: {errors.Value.Trim()}");
        }

        var slow = Slow().Match(output);
        var unit = slow.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
        return (Number(Rate().Match(output).Groups[1]), Number(slow.Groups[1]) * unit);

        static double Number(Group text) => double.Parse(text.Value, CultureInfo.InvariantCulture);
    }

    private static string Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"99%\s+([0-9.]+)(us|ms|s)")]
    private static partial Regex Slow();

    [GeneratedRegex(@"(Socket errors|Non-2xx).*")]
    private static partial Regex Failures();
}
