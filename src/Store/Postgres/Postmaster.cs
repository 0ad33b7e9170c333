using Slipway.Store.Installation;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Store.Postgres;

/// <summary>
/// A running server process. A pid alone lies, because numbers are used again; together with the moment it started, and the
/// boot that moment counts from, it does not.
/// </summary>
internal sealed record Postmaster(int Pid, long StartedTicks, string Boot, int Port)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    public bool IsAlive => ProcessStat.Of(Pid) is { IsZombie: false } stat && stat.StartedTicks == StartedTicks;

    /// <summary>
    /// The server that <c>postmaster.pid</c> of this data folder speaks of, if it really is one: alive, called postgres, working in
    /// exactly this folder, and, where we have noted its start, started at that moment.
    /// </summary>
    public static Postmaster? Find(PostgresFolders folders)
    {
        if (Noted(folders.PostmasterFile) is not { } noted || ProcessStat.Of(noted.Pid) is not { IsZombie: false, Name: "postgres" } stat)
        {
            return null;
        }

        if (!WorksIn(noted.Pid, folders.Data))
        {
            return null;
        }

        var found = new Postmaster(noted.Pid, stat.StartedTicks, CurrentBoot(), noted.Port);
        var record = Recorded(folders.Record);
        var isAnother = record is not null && record.Pid == found.Pid && record.Boot == found.Boot && record.StartedTicks != found.StartedTicks;
        return isAnother ? null : found;
    }

    /// <summary>Processes of a server whose postmaster is dead. They end by themselves; until then no other may start.</summary>
    public static bool HasOrphans(PostgresFolders folders)
    {
        if (!Directory.Exists("/proc"))
        {
            return false;
        }

        return Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
            .Any(pid => pid != 0 && ProcessStat.Of(pid) is { IsZombie: false, Name: "postgres" } && WorksIn(pid, folders.Data));
    }

    public void Record(PostgresFolders folders)
    {
        var staged = folders.Record + ".new";
        File.WriteAllText(staged, JsonSerializer.Serialize(this, PostmasterJson.Default.Postmaster));
        File.Move(staged, folders.Record, overwrite: true);
    }

    /// <summary>The port of the last run: services have it in their settings, so it is kept as long as it is free.</summary>
    public static int? LastPort(PostgresFolders folders) => Recorded(folders.Record)?.Port;

    private static Postmaster? Recorded(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), PostmasterJson.Default.Postmaster);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    private static (int Pid, int Port)? Noted(string path)
    {
        try
        {
            var lines = File.ReadAllLines(path);
            return lines.Length >= 4
                && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && int.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                    ? (pid, port)
                    : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool WorksIn(int pid, string folder)
    {
        try
        {
            var works = new FileInfo($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cwd").ResolveLinkTarget(returnFinalTarget: false);
            return works?.FullName == folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string CurrentBoot() => File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";
}

[JsonSerializable(typeof(Postmaster))]
internal sealed partial class PostmasterJson : JsonSerializerContext;
