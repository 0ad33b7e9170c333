using System.Text.Json;

namespace Slipway.Gateway.Routing;

/// <summary>Keeps the last picture on disk. A start without a store serves from it; a broken file is as good as none.</summary>
internal static class SnapshotFile
{
    public static RoutingPicture? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, RoutingJson.Default.RoutingPicture);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Written beside and renamed, so that a crash leaves the old file or the new one.</summary>
    public static void Write(string path, RoutingPicture picture)
    {
        var beside = path + ".new";
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, picture, RoutingJson.Default.RoutingPicture);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}
