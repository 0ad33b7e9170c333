using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Runtime.Cgroups;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Process;

/// <summary>
/// What a later life of slipwayd needs to find an instance again. It is written once before anything is executed, again
/// when the process exists and at the end. Values of variables and mounted files are secrets and not in it: a live
/// process tells its variables itself.
/// </summary>
internal sealed record InstanceRecord
{
    public required InstanceSpec Spec { get; set; }

    public required string BootId { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required string WorkingDirectory { get; set; }

    public required CgroupLocation Groups { get; set; }

    public int? Port { get; set; }

    public int? User { get; set; }

    /// <summary>Null in records of before groups could be chosen: the same number as the user.</summary>
    public int? Group { get; set; }

    /// <summary>Null until the process exists: the start was never acknowledged.</summary>
    public int? Pid { get; set; }

    public long StartTime { get; set; }

    public InstanceEnd? End { get; set; }

    [JsonIgnore]
    public InstanceUser? Account => User is { } user ? new InstanceUser(user, Group ?? user) : null;

    [JsonIgnore]
    public ProcessIdentity? Process => Pid is { } pid ? new ProcessIdentity(pid, StartTime) : null;
}

internal sealed record InstanceEnd(DateTimeOffset At, int? Code, string Reason, string? Message);

[JsonSerializable(typeof(InstanceRecord))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
internal sealed partial class RecordJson : JsonSerializerContext;

/// <summary>
/// The folder of one instance: record, logs and the private home. Replacing the record is atomic for readers and safe
/// against our own death; it is not flushed to the disk, since a power cut ends all instances anyway.
/// </summary>
internal sealed class InstanceFolder(string path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Traversable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Path { get; } = path;

    public string Home => System.IO.Path.Combine(Path, "home");

    /// <summary>The content of writable volumes that lie on disk.</summary>
    public string Volumes => System.IO.Path.Combine(Path, "volumes");

    public string Logs => System.IO.Path.Combine(Path, "logs");

    private string RecordPath => System.IO.Path.Combine(Path, "record.json");

    public void Create(InstanceUser? user)
    {
        Directory.CreateDirectory(Path, Traversable);
        Directory.CreateDirectory(Logs, Private);
        OwnedTree.Create(Home, user);
    }

    public void Write(InstanceRecord record)
    {
        var next = RecordPath + ".next";
        using (var file = new FileStream(next, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(file, record with { Spec = record.Spec with { Environment = [], Files = [] } }, RecordJson.Default.InstanceRecord);
        }

        File.Move(next, RecordPath, overwrite: true);
    }

    /// <summary>Null when there is none or a power cut has left half of one.</summary>
    public InstanceRecord? Read()
    {
        try
        {
            using var file = File.OpenRead(RecordPath);
            return JsonSerializer.Deserialize(file, RecordJson.Default.InstanceRecord);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Removes what the instance could write to.</summary>
    public void RemoveOwned(InstanceUser? user)
    {
        OwnedTree.Remove(Home, user);
        OwnedTree.Remove(Volumes, user);
    }

    public void Remove(InstanceUser? user)
    {
        RemoveOwned(user);
        if (user is null || !(Directory.Exists(Home) || Directory.Exists(Volumes)))
        {
            Remove(Path);
        }
    }

    public static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody looks into it or writes at this moment; adoption and forgetting come by again.
        }
    }
}
