using Slipway.Api.Content;
using Slipway.Api.Content.Protobuf;
using Slipway.Api.Replies;
using Slipway.Model.Failures;

namespace Slipway.Api.Requests;

/// <summary>Reads manifests in every form clients send them.</summary>
internal sealed class ManifestReader(int bodyBytesMax)
{
    private const string Accepted = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    public async Task<Outcome<Manifest>> ReadAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadAsync(request.Http.Request, bodyBytesMax, request.Cancellation).ConfigureAwait(false);
        return body.Failure is { } failure ? failure : Decode(RequestBody.MediaType(request.Http.Request), body.Value);
    }

    public Task<Outcome<byte[]>> ReadBytesAsync(ApiRequest request) =>
        RequestBody.ReadAsync(request.Http.Request, bodyBytesMax, request.Cancellation);

    public static Outcome<Manifest> Decode(string mediaType, ReadOnlyMemory<byte> body) => mediaType switch
    {
        "application/json" or "application/x-www-form-urlencoded" or "text/plain" => Manifest.FromJson(body),
        "application/yaml" or "application/x-yaml" or "text/yaml" => YamlManifest.Read(body),
        "application/vnd.kubernetes.protobuf" => ProtobufManifest.Read(body),
        _ => Failures.UnsupportedMediaType(Accepted),
    };
}
