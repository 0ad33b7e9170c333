using Slipway.Registry.Content;

namespace Slipway.Registry.Distribution;

/// <summary>
/// What a path below <c>/v2/</c> asks for. Repository names contain slashes and may contain words like <c>blobs</c>, so the
/// path is read from its end, where the protocol's own words are.
/// </summary>
internal abstract record RegistryRoute
{
    public sealed record Ping : RegistryRoute;

    public sealed record Token : RegistryRoute;

    public sealed record Catalog : RegistryRoute;

    public sealed record TagList(string Repository) : RegistryRoute;

    public sealed record OneManifest(string Repository, string Reference) : RegistryRoute;

    public sealed record OneBlob(string Repository, Digest Digest) : RegistryRoute;

    public sealed record Referrers(string Repository, Digest Digest) : RegistryRoute;

    public sealed record Uploads(string Repository) : RegistryRoute;

    public sealed record OneUpload(string Repository, string Id) : RegistryRoute;

    /// <summary>The path cannot mean anything here; the code and text are the protocol's answer.</summary>
    public sealed record Refused(string Code, string Message, int Status = 400) : RegistryRoute;

    public static RegistryRoute Read(string path)
    {
        switch (path.Trim('/'))
        {
            case "":
                return new Ping();
            case "token":
                return new Token();
            case "_catalog":
                return new Catalog();
            default:
                break;
        }

        // An upload is begun at ".../blobs/uploads/"; clients send it with and without the last slash.
        string[] parts = path.TrimEnd('/').Split('/');
        if (parts is [.. var beforeTags, "tags", "list"])
        {
            return Named(beforeTags, name => new TagList(name));
        }

        if (parts is [.. var beforeUpload, "blobs", "uploads", var id] && beforeUpload.Length > 0)
        {
            return Named(beforeUpload, name => new OneUpload(name, id));
        }

        if (parts is [.. var beforeUploads, "blobs", "uploads"] && beforeUploads.Length > 0)
        {
            return Named(beforeUploads, name => new Uploads(name));
        }

        return parts switch
        {
            [.. var before, "manifests", var reference] => Named(before, name => Manifest(name, reference)),
            [.. var before, "blobs", var digest] => Named(before, name => Digested(digest, parsed => new OneBlob(name, parsed))),
            [.. var before, "referrers", var digest] => Named(before, name => Digested(digest, parsed => new Referrers(name, parsed))),
            _ => new Refused("UNSUPPORTED", $"/v2/{path} is not a path of the distribution API.", 404),
        };
    }

    private static RegistryRoute Named(string[] parts, Func<string, RegistryRoute> then)
    {
        var name = string.Join('/', parts);
        return Names.IsRepository(name) ? then(name) : new Refused("NAME_INVALID",
            $"'{name}' is not a repository name: lower-case letters and digits, parts joined by '.', '_', '-' or '/', at most {Names.RepositoryLengthMax} characters.");
    }

    private static RegistryRoute Manifest(string name, string reference)
    {
        if (reference.Contains(':', StringComparison.Ordinal))
        {
            return Digested(reference, digest => new OneManifest(name, digest.ToString()));
        }

        return Names.IsTag(reference) ? new OneManifest(name, reference) : new Refused("MANIFEST_INVALID",
            $"'{reference}' is not a tag: letters, digits, '_', '.', '-', not beginning with '.' or '-', at most 128 characters.");
    }

    private static RegistryRoute Digested(string text, Func<Digest, RegistryRoute> then) =>
        Digest.TryParse(text, out var digest) ? then(digest) : new Refused("DIGEST_INVALID",
            $"'{text}' is not a digest this registry knows: sha256: and 64 lower-case hexadecimal digits.");
}
