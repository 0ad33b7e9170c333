using System.Net;
using Slipway.Model.Failures;
using Slipway.Registry.Content;
using Slipway.Registry.Distribution;

namespace Slipway.Registry.Images;

/// <summary>Other registries: questions to them, and copies of their images in the local store.</summary>
internal sealed class RemoteRegistries(ImageStoreOptions options, ContentStore content, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
    })
    {
        // Every request has its own, shorter limit; see RemoteRegistry.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The digest behind a reference, without fetching more than its manifest.</summary>
    public async Task<Outcome<Digest>> ResolveAsync(string host, string repository, string reference, CancellationToken cancellation)
    {
        var manifest = await At(host).FetchManifestAsync(repository, reference, cancellation);
        return manifest.Succeeded ? manifest.Value.Digest : manifest.Failure!;
    }

    /// <summary>
    /// Copies an image into the local store. Of an image for several platforms only ours is copied; the index itself is kept,
    /// since its digest is the name the image is known by.
    /// </summary>
    public async Task<Outcome<Manifest>> CopyAsync(string host, string repository, Digest digest, CancellationToken cancellation)
    {
        if (ReservedRepositories.For(host, repository) is not { } copy)
        {
            return ImageFailures.Unsupported($"{host}/{repository}", "its name is too long to keep a copy under");
        }

        var remote = At(host);
        var fetched = await remote.FetchManifestAsync(repository, digest.ToString(), cancellation);
        if (!fetched.Succeeded)
        {
            return fetched;
        }

        var manifest = fetched.Value;
        if (manifest.IsIndex)
        {
            if (PlatformChoice.Choose(manifest.Model) is not { } chosen)
            {
                return ImageFailures.Unsupported($"{host}/{repository}", $"it has no variant for {PlatformChoice.Here}");
            }

            var child = await CopyImageAsync(remote, repository, copy, chosen, cancellation);
            if (!child.Succeeded)
            {
                return child;
            }
        }
        else
        {
            return await CopyImageAsync(remote, repository, copy, manifest, cancellation);
        }

        var kept = await content.PutManifestAsync(copy, digest.ToString(), manifest.Bytes, manifest.MediaType, cancellation, partOfPlatforms: true);
        return kept.Succeeded ? manifest : kept;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Outcome<Manifest>> CopyImageAsync(RemoteRegistry remote, string repository, string copy, Digest digest, CancellationToken cancellation)
    {
        var fetched = await remote.FetchManifestAsync(repository, digest.ToString(), cancellation);
        return fetched.Succeeded ? await CopyImageAsync(remote, repository, copy, fetched.Value, cancellation) : fetched;
    }

    private async Task<Outcome<Manifest>> CopyImageAsync(RemoteRegistry remote, string repository, string copy, Manifest manifest, CancellationToken cancellation)
    {
        foreach (var blob in manifest.Blobs)
        {
            var kept = content.Blobs.Touch(blob)
                ? await content.LinkBlobAsync(copy, blob, cancellation)
                : await remote.FetchBlobAsync(repository, blob, (stream, token) => content.AddBlobAsync(copy, blob, stream, token), cancellation);
            if (!kept.Succeeded)
            {
                return kept.Failure!;
            }
        }

        return await content.PutManifestAsync(copy, manifest.Digest.ToString(), manifest.Bytes, manifest.MediaType, cancellation);
    }

    private RemoteRegistry At(string host) => new(_http, host, IsPlain(host), options.Credentials(host), options.RemoteTimeout, time);

    private bool IsPlain(string host)
    {
        var name = host.Split(':')[0];
        return options.PlainHttpHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }
}
