namespace Slipway.Registry.Tests;

/// <summary>Manifests as tests need them.</summary>
internal static class Documents
{
    public const string Oci = "application/vnd.oci.image.manifest.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json";

    public static string Manifest(string config, params string[] layers) => $$"""
        {"schemaVersion":2,"mediaType":"{{Oci}}",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{config}}","size":2},
         "layers":[{{string.Join(',', layers.Select(layer => $$"""{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{layer}}","size":1}"""))}}]}
        """;

    public static string Attachment(string config, string subject) => $$"""
        {"schemaVersion":2,"mediaType":"{{Oci}}","artifactType":"application/example.note",
         "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{config}}","size":2},
         "layers":[],"subject":{"mediaType":"{{Oci}}","digest":"{{subject}}","size":1} }
        """;

    public static string IndexOf(string digest, string architecture = "amd64") => $$"""
        {"schemaVersion":2,"mediaType":"{{Index}}","manifests":[
          {"mediaType":"{{Oci}}","digest":"{{digest}}","size":1,"platform":{"os":"linux","architecture":"{{architecture}}"} }]}
        """;
}
