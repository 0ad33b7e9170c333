using Slipway.Model.Failures;
using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Process;

/// <summary>Facts of this host and this start that a plan needs beside the spec.</summary>
/// <param name="Inherited">Variables of slipwayd that every instance gets.</param>
internal sealed record LaunchSetting(string Node, int? Port, string HomeFolder, string MountsFolder, IReadOnlyList<KeyValuePair<string, string>> Inherited);

/// <summary>
/// What exactly is going to be executed: a pure function of the spec and the setting, except for the look whether
/// a file exists. Paths of the image are mapped below its unpacked root when they exist there.
/// </summary>
internal sealed record LaunchPlan(IReadOnlyList<string> Argv, IReadOnlyList<KeyValuePair<string, string>> Environment, string WorkingDirectory)
{
    public const string InstanceVariable = "SLIPWAY_INSTANCE";
    public const string NodeVariable = "SLIPWAY_NODE";
    public const string MountsVariable = "SLIPWAY_MOUNTS";

    public static Outcome<LaunchPlan> Make(InstanceSpec spec, LaunchSetting setting, Func<string, bool> fileExists, Func<string, bool> folderExists)
    {
        var image = spec.Runnable;
        if (!image.HostProcess)
        {
            return NotRunnable($"Image {spec.Image} is a container image; the process driver runs artifacts built for the host (dotnet://…). Use a container driver.");
        }

        if (!folderExists(image.Root))
        {
            return new Failure(FailureKind.Unavailable, "image-missing", $"The unpacked image {spec.Image} is not at {image.Root} any more.");
        }

        var environment = EnvironmentOf(spec, setting);
        var known = environment.ToDictionary(StringComparer.Ordinal);
        var command = spec.Command.Count > 0 ? spec.Command : image.Entrypoint;
        var arguments = spec.Arguments.Count > 0 ? spec.Arguments : spec.Command.Count > 0 ? [] : image.Cmd;
        List<string> argv = [.. command.Concat(arguments).Select(word => Expansion.Expand(word, known))];
        if (argv.Count == 0 || argv[0].Length == 0)
        {
            return NotRunnable($"Image {spec.Image} names no entrypoint, and neither does the container '{spec.ContainerName}': set 'command'.");
        }

        if (argv.FirstOrDefault(word => word.Contains('\0', StringComparison.Ordinal)) is not null)
        {
            return NotRunnable($"The command of container '{spec.ContainerName}' contains a NUL character.");
        }

        var folder = Map(spec.WorkingDirectory ?? image.WorkingDirectory ?? "/", image.Root);
        if (!folderExists(folder))
        {
            return NotRunnable($"The working directory '{spec.WorkingDirectory ?? image.WorkingDirectory}' does not exist in image {spec.Image}.");
        }

        if (FindProgram(argv[0], folder, image.Root, known.GetValueOrDefault("PATH", ""), fileExists) is not { } program)
        {
            return NotRunnable($"The program '{argv[0]}' is neither in image {spec.Image} nor on this host.");
        }

        // Found as written, it is executed as written; only a path of the image needs its place on the host instead.
        argv[0] = program;
        return new LaunchPlan(argv, environment, folder);
    }

    /// <summary>A path of the image as a path of the host.</summary>
    public static string Map(string path, string root) =>
        Path.GetFullPath(Path.Join(root, Path.GetFullPath(Path.Join("/", path))));

    private static List<KeyValuePair<string, string>> EnvironmentOf(InstanceSpec spec, LaunchSetting setting)
    {
        // Later entries win but keep the place of the first, and may use those before them.
        var order = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        void Set(string name, string value)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
            {
                return;
            }

            if (values.TryAdd(name, value))
            {
                order.Add(name);
            }
            else
            {
                values[name] = value;
            }
        }

        foreach (var (name, value) in setting.Inherited)
        {
            Set(name, value);
        }

        Set("HOME", setting.HomeFolder);
        Set("TMPDIR", setting.HomeFolder);
        Set("HOSTNAME", spec.Id);
        foreach (var (name, value) in spec.Runnable.Environment)
        {
            Set(name, value);
        }

        if (setting.Port is { } port)
        {
            Set("PORT", $"{port}");
        }

        foreach (var (name, value) in spec.Environment)
        {
            Set(name, Expansion.Expand(value.Replace("\0", "", StringComparison.Ordinal), values));
        }

        if (setting.Port is { } again)
        {
            Set("PORT", $"{again}");
        }

        // These are how a later life of slipwayd recognises the process, so nothing may replace them.
        Set(InstanceVariable, spec.Id);
        Set(NodeVariable, setting.Node);
        Set(MountsVariable, setting.MountsFolder);
        return [.. order.Select(name => KeyValuePair.Create(name, values[name]))];
    }

    private static string? FindProgram(string name, string folder, string root, string path, Func<string, bool> fileExists)
    {
        if (name.StartsWith('/'))
        {
            return fileExists(Map(name, root)) ? Map(name, root) : fileExists(name) ? name : null;
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            return fileExists(Path.Combine(folder, name)) ? name : null;
        }

        foreach (var entry in path.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            if (fileExists(Path.Combine(entry, name)))
            {
                return name;
            }
        }

        // Artifacts like to name their program without any path; it lies in their working directory.
        return fileExists(Path.Combine(folder, name)) ? Path.Combine(folder, name) : null;
    }

    private static Failure NotRunnable(string detail) => new(FailureKind.Invalid, "image-not-runnable", detail);
}
