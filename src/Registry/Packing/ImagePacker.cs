using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Model.Failures;
using Slipway.Registry.Content;

namespace Slipway.Registry.Packing;

/// <summary>
/// Makes an OCI image from a folder: one layer with the application at <c>/app</c>, a configuration and a manifest. The same
/// input gives the same digest (on the same framework version, whose compression is part of the bytes).
/// </summary>
public sealed class ImagePacker(string temporaryFolder)
{
    private const string AppFolder = "app";

    /// <summary>Codes: <c>folder-not-found</c>, <c>folder-invalid</c>, <c>command-missing</c>, <c>disk-full</c>.</summary>
    public async Task<Outcome<PackedImage>> PackFolderAsync(string folder, PackSettings settings, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!Directory.Exists(folder))
        {
            return new Failure(FailureKind.NotFound, "folder-not-found", $"There is no folder {folder}.");
        }

        if (settings.Entrypoint.Count == 0 || settings.Entrypoint[0].Length == 0)
        {
            return new Failure(FailureKind.Invalid, "command-missing", "A folder needs a start command, for example --command \"node server.js\".");
        }

        Directory.CreateDirectory(temporaryFolder);
        var path = Path.Combine(temporaryFolder, $"slipway-layer-{Guid.CreateVersion7():N}.tar.gz");
        try
        {
            return await PackAsync(folder, path, settings, cancellation);
        }
        catch (Exception exception)
        {
            File.Delete(path);
            if (exception is UnpackableFolderException)
            {
                return new Failure(FailureKind.Invalid, "folder-invalid", $"The folder {folder} cannot be packed: {exception.Message}.");
            }

            if (StorageFailure.From(exception, temporaryFolder) is { } failure)
            {
                return failure;
            }

            throw;
        }
    }

    private static async Task<PackedImage> PackAsync(string folder, string path, PackSettings settings, CancellationToken cancellation)
    {
        using var plain = SHA256.Create();
        using var packed = SHA256.Create();
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 128 * 1024, useAsync: true))
        await using (var packedHash = new CryptoStream(file, packed, CryptoStreamMode.Write))
        await using (var gzip = new GZipStream(packedHash, CompressionLevel.Optimal))
        await using (var plainHash = new CryptoStream(gzip, plain, CryptoStreamMode.Write))
        {
            await FolderArchive.WriteAsync(folder, AppFolder, plainHash, cancellation);
        }

        var layer = Digest.OfHash(packed.Hash);
        var config = JsonSerializer.SerializeToUtf8Bytes(Config(settings, Digest.OfHash(plain.Hash)), ContentJson.Default.ConfigModel);
        var configDigest = Digest.Of(config);
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new ManifestModel
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            Config = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = configDigest.ToString(), Size = config.Length },
            Layers = [new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = layer.ToString(), Size = new FileInfo(path).Length }],
        }, ContentJson.Default.ManifestModel);
        return new PackedImage(Digest.Of(manifest), manifest, configDigest, config, layer, path);
    }

    private static ConfigModel Config(PackSettings settings, Digest uncompressed) => new()
    {
        Architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
        Os = "linux",
        Config = new RunModel
        {
            Entrypoint = [.. settings.Entrypoint],
            Env = settings.Environment.Count == 0 ? null : [.. settings.Environment.Select(pair => $"{pair.Key}={pair.Value}")],
            WorkingDir = "/" + AppFolder,
            Labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { [HostProcessLabel.Name] = HostProcessLabel.Value },
        },
        Rootfs = new RootFsModel { Type = "layers", DiffIds = [uncompressed.ToString()] },
    };
}
