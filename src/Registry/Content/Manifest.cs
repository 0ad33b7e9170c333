using System.Text.Json;
using Slipway.Model.Failures;

namespace Slipway.Registry.Content;

/// <summary>A manifest that was read and makes sense; its bytes are kept exactly as they came, since they are its name.</summary>
internal sealed record Manifest(Digest Digest, string MediaType, ReadOnlyMemory<byte> Bytes, ManifestModel Model)
{
    public bool IsIndex => MediaTypes.IsIndex(MediaType);

    /// <summary>Blobs without which the image cannot be pulled.</summary>
    public IReadOnlyList<Digest> Blobs { get; private init; } = [];

    /// <summary>The manifests an index is made of.</summary>
    public IReadOnlyList<Digest> Children { get; private init; } = [];

    /// <summary>What this manifest is an attachment to (a signature, a bill of materials), if it is one.</summary>
    public Digest? Subject { get; private init; }

    public static Outcome<Manifest> Read(ReadOnlyMemory<byte> bytes, string? statedMediaType)
    {
        if (bytes.Length > Bounds.ManifestBytesMax)
        {
            return ContentFailures.TooLarge("manifest", Bounds.ManifestBytesMax);
        }

        ManifestModel? model;
        try
        {
            model = JsonSerializer.Deserialize(bytes.Span, ContentJson.Default.ManifestModel);
        }
        catch (JsonException exception)
        {
            return ContentFailures.ManifestInvalid($"The manifest is not readable JSON: {exception.Message}");
        }

        if (model is null || model.SchemaVersion != 2)
        {
            return ContentFailures.ManifestInvalid($"schemaVersion is {model?.SchemaVersion ?? 0}; only version 2 manifests are taken.");
        }

        var mediaType = statedMediaType is null or "" or "application/json" or "application/octet-stream"
            ? model.MediaType ?? (model.Manifests is null ? MediaTypes.OciManifest : MediaTypes.OciIndex)
            : statedMediaType;
        if (!MediaTypes.Manifests.Contains(mediaType, StringComparer.Ordinal))
        {
            return ContentFailures.ManifestInvalid($"The media type {mediaType} is not a manifest's. Known are: {string.Join(", ", MediaTypes.Manifests)}.");
        }

        if (model.MediaType is not null && model.MediaType != mediaType)
        {
            return ContentFailures.ManifestInvalid($"The Content-Type is {mediaType} but mediaType in the manifest is {model.MediaType}; they must agree.");
        }

        return Resolve(new Manifest(Digest.Of(bytes.Span), mediaType, bytes, model));
    }

    private static Outcome<Manifest> Resolve(Manifest manifest)
    {
        var model = manifest.Model;
        var blobs = new List<Digest>();
        var children = new List<Digest>();

        if (manifest.IsIndex)
        {
            if (model.Manifests is null)
            {
                return ContentFailures.ManifestInvalid("An index needs the member manifests.");
            }

            if (Collect(model.Manifests, "manifests", children) is { } trouble)
            {
                return trouble;
            }
        }
        else
        {
            if (model.Config is null || model.Layers is null)
            {
                return ContentFailures.ManifestInvalid("An image manifest needs the members config and layers.");
            }

            var owned = model.Layers.Where(layer => !MediaTypes.IsForeign(layer?.MediaType)).ToList();
            if ((Collect([model.Config], "config", blobs) ?? Collect(owned, "layers", blobs)) is { } trouble)
            {
                return trouble;
            }
        }

        Digest? subject = null;
        if (model.Subject is not null && !Digest.TryParse(model.Subject.Digest, out subject))
        {
            return ContentFailures.ManifestInvalid($"subject.digest is {model.Subject.Digest ?? "missing"}, which is not a sha256 digest.");
        }

        return manifest with { Blobs = blobs, Children = children, Subject = subject };
    }

    private static Failure? Collect(List<Descriptor> descriptors, string member, List<Digest> into)
    {
        for (var index = 0; index < descriptors.Count; index++)
        {
            if (!Digest.TryParse(descriptors[index]?.Digest, out var digest))
            {
                return ContentFailures.ManifestInvalid($"{member}[{index}].digest is {descriptors[index]?.Digest ?? "missing"}, which is not a sha256 digest.");
            }

            into.Add(digest);
        }

        return null;
    }
}
