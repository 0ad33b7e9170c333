using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.Loader;

// What would a pool of started runtimes save? The same published program is started from nothing, and by a host that has its runtime and
// web framework loaded and waits for the name of the program.
//   WarmPool PROGRAM.dll [rounds]      the comparison
//   WarmPool --host                    one waiting host; reads the port and the program from its input
return args switch
{
    ["--host"] => await HostAsync(),
    [var program, .. var rest] => await CompareAsync(program, rest is [var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 15),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: WarmPool PROGRAM.dll [rounds]");
    return 64;
}

static async Task<int> HostAsync()
{
    await WarmUpAsync();
    Console.WriteLine("warm");
    var port = await Console.In.ReadLineAsync() ?? throw new EndOfStreamException();
    var program = await Console.In.ReadLineAsync() ?? throw new EndOfStreamException();
    Environment.SetEnvironmentVariable("PORT", port);
    var parts = new AssemblyDependencyResolver(program);
    AssemblyLoadContext.Default.Resolving += (context, name) => parts.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
    var entry = AssemblyLoadContext.Default.LoadFromAssemblyPath(program).EntryPoint!;
    Directory.SetCurrentDirectory(Path.GetDirectoryName(program)!);
    entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Array.Empty<string>()], CultureInfo.InvariantCulture);
    return 0;
}

// Everything that most programs need once: a server, a request through it, JSON.
static async Task WarmUpAsync()
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    await using var app = builder.Build();
    app.MapGet("/", () => Results.Text("{\"warm\":true}", "application/json"));
    await app.StartAsync();
    using var client = new HttpClient();
    for (var request = 0; request < 20; request++)
    {
        await client.GetStringAsync(new Uri(app.Urls.First()));
    }

    await app.StopAsync();
}

static async Task<int> CompareAsync(string program, int rounds)
{
    program = Path.GetFullPath(program);
    var cold = new List<double>();
    var warm = new List<double>();
    long memory = 0;
    for (var round = 0; round < rounds; round++)
    {
        cold.Add(await ColdAsync(program));
        var (milliseconds, bytes) = await WarmAsync(program);
        warm.Add(milliseconds);
        memory = bytes;
    }

    Console.WriteLine($"from nothing       p50 {Quantile(cold, 0.5):0} ms   slowest {cold.Max():0} ms");
    Console.WriteLine($"from a warm host   p50 {Quantile(warm, 0.5):0} ms   slowest {warm.Max():0} ms   ratio {Quantile(warm, 0.5) / Quantile(cold, 0.5):0.00}");
    Console.WriteLine($"a waiting host holds {memory / 1024 / 1024} MiB");
    return 0;
}

static double Quantile(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));

static async Task<double> ColdAsync(string program)
{
    var port = FreePort();
    var began = Stopwatch.GetTimestamp();
    using var process = Start([program], Path.GetDirectoryName(program)!, port);
    var elapsed = await FirstByteAsync(port, began);
    process.Kill();
    await process.WaitForExitAsync();
    return elapsed;
}

static async Task<(double Milliseconds, long Memory)> WarmAsync(string program)
{
    var port = FreePort();
    using var process = Start([Assembly.GetExecutingAssembly().Location, "--host"], AppContext.BaseDirectory, 0);
    while (await process.StandardOutput.ReadLineAsync() is { } line && line != "warm")
    {
    }

    process.Refresh();
    var memory = process.WorkingSet64;
    var began = Stopwatch.GetTimestamp();
    await process.StandardInput.WriteLineAsync(port.ToString(CultureInfo.InvariantCulture));
    await process.StandardInput.WriteLineAsync(program);
    await process.StandardInput.FlushAsync();
    var elapsed = await FirstByteAsync(port, began);
    process.Kill();
    await process.WaitForExitAsync();
    return (elapsed, memory);
}

static Process Start(string[] arguments, string folder, int port)
{
    var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
    start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
    start.Environment["DOTNET_TieredPGO"] = "0";
    return Process.Start(start)!;
}

static async Task<double> FirstByteAsync(int port, long began)
{
    while (true)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            var stream = client.GetStream();
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
            if (await stream.ReadAsync(new byte[1]) == 1)
            {
                return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        }
        catch (SocketException)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}
