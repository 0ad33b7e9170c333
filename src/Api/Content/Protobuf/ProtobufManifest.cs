using Slipway.Api.Replies;
using Slipway.Model.Failures;

namespace Slipway.Api.Content.Protobuf;

internal static class ProtobufManifest
{
    public static Outcome<Manifest> Read(ReadOnlyMemory<byte> body) => Failures.UnsupportedMediaType("application/json");
}
