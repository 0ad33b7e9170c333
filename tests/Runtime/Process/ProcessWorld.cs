using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Logs;
using Slipway.Runtime.Process;

namespace Slipway.Runtime.Tests.Process;

/// <summary>A process driver over a state folder of its own; nothing of it is left when the test is over.</summary>
internal sealed class ProcessWorld : IAsyncDisposable
{
    // Not the range of a running slipwayd, so that tests never take its ports away.
    public const int PortFirst = 15_000;

    private readonly LogLimits _limits;
    private readonly ProcessDriverOptions _options;

    public ProcessWorld(LogLimits? limits = null, Func<ProcessDriverOptions, ProcessDriverOptions>? options = null, string? folder = null)
    {
        Folder = folder ?? Directory.CreateTempSubdirectory("slipway-runtime-").FullName;
        File.SetUnixFileMode(Folder, (UnixFileMode)0x1ED);
        Directory.CreateDirectory(Image);
        _limits = limits ?? new LogLimits { Interval = TimeSpan.FromMilliseconds(20) };
        _options = (options ?? (same => same))(new ProcessDriverOptions { StateFolder = Folder, PortFirst = PortFirst, PortCount = 4_000, UserFirst = 300_000 });
        Logs = new FileInstanceLogs(Folder, TimeProvider.System, _limits);
        Driver = new ProcessDriver(_options, Logs, TimeProvider.System);
    }

    public string Folder { get; }

    public string Image => Path.Combine(Folder, "image");

    public FileInstanceLogs Logs { get; private set; }

    public ProcessDriver Driver { get; private set; }

    public static string Misbehaver { get; } = WithinReach(OutputOf("../../../../Samples/Misbehaver"));

    public static string DriverHost { get; } = Path.Combine(WithinReach(OutputOf("../../../DriverHost")), "driverhost");

    /// <summary>Instances run as users of their own when we are root; a checkout behind a closed folder is out of their reach.</summary>
    private static string WithinReach(string folder)
    {
        if (!Environment.IsPrivilegedProcess || IsOpenToOthers(folder))
        {
            return folder;
        }

        var copy = Directory.CreateDirectory($"/tmp/slipway-within-reach-{Guid.CreateVersion7():N}").FullName;
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(copy, recursive: true);
        return copy;
    }

    private static bool IsOpenToOthers(string folder) =>
        File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute)
        && (Path.GetDirectoryName(folder) is not { } parent || IsOpenToOthers(parent));

    private static string OutputOf(string project) => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0"));

    /// <param name="script">As a shell reads it: what the platform would expand is escaped here.</param>
    public InstanceSpec Shell(string id, string script) => Specs.Named(id) with
    {
        Runnable = new RunnableImage(Image, HostProcess: true, ["/bin/sh", "-c", script.Replace("$", "$$", StringComparison.Ordinal)], [], [], null, null),
    };

    public InstanceSpec Misbehaving(string id, string mode, params (string Name, string Value)[] variables) => Specs.Named(id) with
    {
        Runnable = new RunnableImage(Misbehaver, HostProcess: true, ["misbehaver"], [], [], "/", null),
        Environment =
        [
            KeyValuePair.Create("MISBEHAVE", mode),
            KeyValuePair.Create("DOTNET_TieredCompilation", "1"),
            .. variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)),
        ],
    };

    public async Task<InstanceState> StartAsync(InstanceSpec spec)
    {
        var outcome = await Driver.StartAsync(spec, default);
        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
        return outcome.Value;
    }

    public InstanceState State(string id) => Driver.List().Single(state => state.Id == id);

    public async Task<InstanceState> EndAsync(string id)
    {
        await Eventually.True(() => State(id).Phase == InstancePhase.Exited, $"{id} ends");
        return State(id);
    }

    public async Task<IReadOnlyList<string>> TextAsync(string id, LogQuery? query = null)
    {
        var lines = new List<string>();
        await foreach (var line in Logs.ReadAsync(id, query ?? new LogQuery(), default))
        {
            lines.Add(line.Text);
        }

        return lines;
    }

    /// <summary>As if slipwayd had been restarted: a new driver over the same folder.</summary>
    public async Task<IReadOnlyList<InstanceState>> RestartAsync()
    {
        Driver.Dispose();
        await Logs.DisposeAsync();
        Logs = new FileInstanceLogs(Folder, TimeProvider.System, _limits);
        Driver = new ProcessDriver(_options, Logs, TimeProvider.System);
        return await Driver.AdoptAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await Eventually.Done(Task.WhenAll(Driver.List().Select(state => Driver.StopAsync(state.Id, TimeSpan.Zero, default))));
        foreach (var state in Driver.List())
        {
            await Driver.ForgetAsync(state.Id, default);
        }

        Driver.Dispose();
        await Logs.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
