using System.Text.Json;
using Slipway.Registry.Content;
using Slipway.Registry.Packing;

namespace Slipway.Registry.Images;

/// <summary>Reads what is in the store for people: by repository, then tag; manifests without a tag last.</summary>
internal sealed class ImageListing(ContentStore content)
{
    public async Task<IReadOnlyList<StoredImage>> ReadAsync(CancellationToken cancellation)
    {
        var images = new List<StoredImage>();
        foreach (var repository in content.Repositories.ListRepositories())
        {
            var tagged = new HashSet<Digest>();
            foreach (var tag in content.Repositories.ListTags(repository))
            {
                if (await content.FindManifestAsync(repository, tag, cancellation) is { } manifest)
                {
                    tagged.Add(manifest.Digest);
                    images.Add(await DescribeAsync(repository, tag, manifest, cancellation));
                }
            }

            foreach (var digest in content.Repositories.ListManifests(repository).Where(digest => !tagged.Contains(digest)))
            {
                if (await content.Repositories.ReadManifestAsync(repository, digest, cancellation) is { } manifest)
                {
                    images.Add(await DescribeAsync(repository, null, manifest, cancellation));
                }
            }
        }

        return images;
    }

    private async Task<StoredImage> DescribeAsync(string repository, string? tag, Manifest manifest, CancellationToken cancellation)
    {
        var bytes = manifest.Bytes.Length + manifest.Blobs.Sum(blob => content.Blobs.Size(blob) ?? 0);
        var pushedAt = tag is null ? content.Repositories.LinkedAt(repository, manifest.Digest) : content.Repositories.TaggedAt(repository, tag);
        return new StoredImage(repository, tag, manifest.Digest.ToString(), manifest.MediaType, bytes, await IsHostProcessAsync(manifest, cancellation), pushedAt);
    }

    private async Task<bool> IsHostProcessAsync(Manifest manifest, CancellationToken cancellation)
    {
        if (!Digest.TryParse(manifest.Model.Config?.Digest, out var digest) || content.Blobs.Size(digest) is null or > Bounds.ConfigBytesMax
            || await content.Blobs.ReadAsync(digest, cancellation) is not { } bytes)
        {
            return false;
        }

        try
        {
            return HostProcessLabel.IsOn(JsonSerializer.Deserialize(bytes, ContentJson.Default.ConfigModel));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
