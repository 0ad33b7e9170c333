using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Store.Installation;

/// <summary>
/// The server's word about itself, for the command line and for people. One small file, replaced as a whole, so that a
/// reader never sees half of it and a crash leaves the last word standing.
/// </summary>
public sealed record InstallationStatus
{
    public const string Starting = "starting";
    public const string Ready = "ready";
    public const string Stopping = "stopping";
    public const string Stopped = "stopped";
    public const string Failed = "failed";

    /// <summary>The server ended because of something a restart cannot mend: a taken port, a wrong database URL, …</summary>
    public const int ExitCodeNeedsAttention = 78;

    public int ProcessId { get; set; }

    /// <summary>Field 22 of <c>/proc/PID/stat</c>: a process id alone may by now belong to somebody else.</summary>
    public long ProcessStartedTicks { get; set; }

    public string Phase { get; set; } = Starting;

    /// <summary>What it is doing while it starts, in words.</summary>
    public string Step { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public Dictionary<string, string> Urls { get; set; } = [];

    /// <summary>What of the limits and isolation the host lets us enforce.</summary>
    public List<string> Notes { get; set; } = [];

    public string? FailureCode { get; set; }

    public string? FailureDetail { get; set; }

    [JsonIgnore]
    public bool IsAlive => ProcessId > 0 && ProcessIdentity.StartedTicks(ProcessId) == ProcessStartedTicks;

    public static InstallationStatus? Read(StateFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(folder.Status), InstallationJson.Default.InstallationStatus);
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(StateFolder folder)
    {
        var draft = $"{folder.Status}.{Environment.ProcessId}";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(this, InstallationJson.Default.InstallationStatus));
        File.Move(draft, folder.Status, overwrite: true);
    }
}

/// <summary>Who supervises the server of a state folder.</summary>
public sealed record SupervisorRecord(int ProcessId, long ProcessStartedTicks)
{
    [JsonIgnore]
    public bool IsAlive => ProcessIdentity.StartedTicks(ProcessId) == ProcessStartedTicks;

    public static SupervisorRecord? Read(StateFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(folder.Supervisor), InstallationJson.Default.SupervisorRecord);
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(StateFolder folder)
    {
        var draft = $"{folder.Supervisor}.{Environment.ProcessId}";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(this, InstallationJson.Default.SupervisorRecord));
        File.Move(draft, folder.Supervisor, overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InstallationStatus))]
[JsonSerializable(typeof(SupervisorRecord))]
internal sealed partial class InstallationJson : JsonSerializerContext;
