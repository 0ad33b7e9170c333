using System.Diagnostics;
using System.Globalization;

namespace Slipway.Sdk.Bench;

/// <summary>What the kit adds to a service's start: both contenders are published ReadyToRun and started in turn.</summary>
internal static class Program
{
    private const int Starts = 15;
    private const int WarmUps = 2;

    public static async Task<int> Main(string[] args)
    {
        var starts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Starts;
        var output = Directory.CreateTempSubdirectory("slipway-sdk-bench-");
        try
        {
            var bare = await PublishAsync(output.FullName, "Bare");
            var kit = await PublishAsync(output.FullName, "Kit");
            var traced = kit.With("Traced", "http://127.0.0.1:4318");
            for (var round = 0; round < starts + WarmUps; round++)
            {
                // In turn, so a busy moment of the machine falls on all.
                await bare.StartOnceAsync(round >= WarmUps);
                await kit.StartOnceAsync(round >= WarmUps);
                await traced.StartOnceAsync(round >= WarmUps);
            }

            Tell(bare);
            Tell(kit);
            Tell(traced);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"the kit adds {kit.Median - bare.Median:0} ms (x{kit.Median / bare.Median:0.00}); wanted: at most 60 ms"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"sending spans adds {traced.Median - kit.Median:0} ms, {traced.MedianWork - kit.MedianWork:0} ms of the processor"));
            return 0;
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static async Task<Contender> PublishAsync(string output, string name)
    {
        var folder = Path.Combine(output, name);
        var start = new ProcessStartInfo(
            "dotnet",
            ["publish", Path.Combine(Here(), name), "-o", folder, "-r", "linux-x64", "--self-contained", "false", "-p:PublishReadyToRun=true", "-v", "q", "--nologo"]);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start.");
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? new Contender(name, folder, $"Slipway.Sdk.Bench.{name}.dll")
            : throw new InvalidOperationException($"{name} cannot be published.");
    }

    private static string Here()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Slipway.slnx")))
        {
            at = at.Parent;
        }

        return Path.Combine(at?.FullName ?? throw new InvalidOperationException("The bench runs from a checkout."), "bench", "Sdk");
    }

    private static void Tell(Contender contender) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{contender.Name,-6} p50 {contender.Median,6:0} ms   p90 {contender.At(0.9),6:0} ms   min {contender.At(0),6:0} ms   processor p50 {contender.MedianWork,6:0} ms"));
}
