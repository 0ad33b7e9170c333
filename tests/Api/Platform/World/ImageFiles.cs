using Slipway.Registry.Images;
using Slipway.Registry.Packing;

namespace Slipway.Api.Tests.Platform.World;

/// <summary>Small images, each with content of its own.</summary>
internal static class ImageFiles
{
    /// <summary>The digest reference under which the store has it.</summary>
    public static async Task<string> ImportAsync(ImageStore store, string repository, string tag)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-image-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "app"), $"#!/bin/sh\necho {tag}\n");
            var packed = await new ImagePacker(Path.GetTempPath()).PackFolderAsync(folder.FullName, new PackSettings { Entrypoint = ["./app"] }, CancellationToken.None);
            using var image = packed.Value;
            return (await store.ImportAsync(image, repository, tag, CancellationToken.None)).Value;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
