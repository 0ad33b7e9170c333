using System.Globalization;
using Slipway.Store.Postgres;
using Slipway.Telemetry.Collecting;

namespace Slipway.Server.Joints.Figures;

/// <summary>The machine everything runs on, the server's own process, and whether the database answers.</summary>
internal sealed class HostFigures(string folder, DatabaseServer database) : IFigureSource
{
    /// <summary>What the kernel counts processor time in, on every Linux there is.</summary>
    private const double TicksPerSecond = 100;

    public async Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation)
    {
        var figures = new List<Figure>();
        var disk = new DriveInfo(folder);
        figures.Add(Figure.Gauge("slipway_host_disk_bytes", "Size of the disk the state folder is on.", disk.TotalSize));
        figures.Add(Figure.Gauge("slipway_host_disk_free_bytes", "Room on that disk.", disk.AvailableFreeSpace));
        if (OperatingSystem.IsLinux())
        {
            var memory = Memory();
            figures.Add(Figure.Gauge("slipway_host_memory_bytes", "Memory of the machine.", memory.GetValueOrDefault("MemTotal")));
            figures.Add(Figure.Gauge("slipway_host_memory_free_bytes", "Memory programs could still get.", memory.GetValueOrDefault("MemAvailable")));
            figures.Add(Figure.Counter("slipway_host_cpu_seconds_total", "Processor time used by everything on the machine, all cores together.", BusySeconds()));
            figures.Add(Figure.Gauge("slipway_host_cpus", "Processors of the machine.", Environment.ProcessorCount));
        }

        figures.Add(Figure.Gauge("slipway_database_up", "1 if the platform's database answers, else 0.", await database.IsHealthyAsync(cancellation) ? 1 : 0));
        figures.AddRange(OwnProcess());
        return figures;
    }

    private static IEnumerable<Figure> OwnProcess()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return
        [
            Figure.Counter("process_cpu_seconds_total", "Processor time the server has used.", process.TotalProcessorTime.TotalSeconds),
            Figure.Gauge("process_resident_memory_bytes", "Memory the server uses.", process.WorkingSet64),
            Figure.Gauge("process_start_time_seconds", "When the server started.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0),
            Figure.Gauge("process_threads", "Threads of the server.", process.Threads.Count),
            Figure.Gauge("dotnet_gc_heap_bytes", "Memory managed by the collector.", GC.GetTotalMemory(forceFullCollection: false)),
            Figure.Counter("dotnet_gc_pause_seconds_total", "Time the collector stopped everything.", GC.GetTotalPauseDuration().TotalSeconds),
        ];
    }

    private static Dictionary<string, double> Memory()
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines("/proc/meminfo"))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 2 && double.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes))
            {
                values[parts[0].TrimEnd(':')] = kibibytes * 1024;
            }
        }

        return values;
    }

    /// <summary>Everything but the fourth and fifth number of the first line: idle, and waiting for disks.</summary>
    private static double BusySeconds()
    {
        var numbers = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)).Take(8).ToArray();
        return (numbers.Sum() - numbers[3] - numbers[4]) / TicksPerSecond;
    }
}
