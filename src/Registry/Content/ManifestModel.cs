using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Registry.Content;

/// <summary>A pointer from one piece of content to another.</summary>
internal sealed record Descriptor
{
    public string? MediaType { get; set; }

    public string? Digest { get; set; }

    public long Size { get; set; }

    public string? ArtifactType { get; set; }

    public Platform? Platform { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }
}

internal sealed record Platform
{
    public string? Architecture { get; set; }

    public string? Os { get; set; }

    public string? Variant { get; set; }
}

/// <summary>An image manifest or an index: the members of both families that anything here depends on.</summary>
internal sealed record ManifestModel
{
    public int SchemaVersion { get; set; }

    public string? MediaType { get; set; }

    public string? ArtifactType { get; set; }

    public Descriptor? Config { get; set; }

    public List<Descriptor>? Layers { get; set; }

    public List<Descriptor>? Manifests { get; set; }

    public Descriptor? Subject { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }
}

/// <summary>An image's configuration.</summary>
internal sealed record ConfigModel
{
    public string? Architecture { get; set; }

    public string? Os { get; set; }

    public string? Created { get; set; }

    public RunModel? Config { get; set; }

    public RootFsModel? Rootfs { get; set; }
}

/// <summary>How the image wants to be run. The names are written with capitals in the format.</summary>
internal sealed record RunModel
{
    [JsonPropertyName("User")]
    public string? User { get; set; }

    [JsonPropertyName("ExposedPorts")]
    public Dictionary<string, JsonElement>? ExposedPorts { get; set; }

    [JsonPropertyName("Env")]
    public List<string>? Env { get; set; }

    [JsonPropertyName("Entrypoint")]
    public List<string>? Entrypoint { get; set; }

    [JsonPropertyName("Cmd")]
    public List<string>? Cmd { get; set; }

    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; set; }

    [JsonPropertyName("Labels")]
    public SortedDictionary<string, string>? Labels { get; set; }
}

internal sealed record RootFsModel
{
    public string? Type { get; set; }

    [JsonPropertyName("diff_ids")]
    public List<string>? DiffIds { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ManifestModel))]
[JsonSerializable(typeof(ConfigModel))]
internal sealed partial class ContentJson : JsonSerializerContext;
