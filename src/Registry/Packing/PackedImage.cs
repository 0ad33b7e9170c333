using Slipway.Registry.Content;

namespace Slipway.Registry.Packing;

/// <summary>An image that was packed and waits to be imported or pushed. Its layer is a temporary file that goes with it.</summary>
public sealed class PackedImage : IDisposable
{
    private readonly string _layerPath;

    internal PackedImage(Digest digest, ReadOnlyMemory<byte> manifest, Digest configDigest, ReadOnlyMemory<byte> config, Digest layerDigest, string layerPath)
    {
        _layerPath = layerPath;
        (Digest, Manifest) = (digest, manifest);
        LayerBytes = new FileInfo(layerPath).Length;
        Blobs =
        [
            (layerDigest, () => new FileStream(layerPath, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, useAsync: true)),
            (configDigest, () => new MemoryStream(config.ToArray(), writable: false)),
        ];
    }

    public Digest Digest { get; }

    public long LayerBytes { get; }

    internal ReadOnlyMemory<byte> Manifest { get; }

    internal IReadOnlyList<(Digest Digest, Func<Stream> Open)> Blobs { get; }

    public void Dispose() => File.Delete(_layerPath);
}

/// <summary>What the packed application is started with. Paths are relative to its folder.</summary>
public sealed record PackSettings
{
    /// <summary>Program and arguments, for example <c>["dotnet", "Hello.dll"]</c> or <c>["./serve", "--fast"]</c>.</summary>
    public required IReadOnlyList<string> Entrypoint { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];
}
