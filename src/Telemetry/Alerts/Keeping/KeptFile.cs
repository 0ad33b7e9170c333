using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Store.Installation;

namespace Slipway.Telemetry.Alerts.Keeping;

/// <summary>
/// One document on the disk that is replaced in one step: whoever reads it after a crash finds the old or the new one. What cannot
/// be read is set aside under another name, because a damaged file must not keep alerts from working.
/// </summary>
internal sealed class KeptFile<T>(string path, JsonTypeInfo<T> type)
    where T : class
{
    private readonly Lock _one = new();

    public T? Read(out Exception? damaged)
    {
        damaged = null;
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), type) : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            damaged = unreadable;
            try
            {
                File.Move(path, path + ".damaged", overwrite: true);
            }
            catch (Exception stuck) when (stuck is IOException or UnauthorizedAccessException)
            {
                // It stays where it is and is replaced by the next write.
            }

            return null;
        }
    }

    /// <summary>The reason why the document is not on the disk, or null when it is.</summary>
    public Exception? Write(T document)
    {
        try
        {
            lock (_one)
            {
                OwnerOnlyFile.Write(path, JsonSerializer.Serialize(document, type));
            }

            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure;
        }
    }
}
