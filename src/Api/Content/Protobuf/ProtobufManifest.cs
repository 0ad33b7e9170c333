using System.Text.Json.Nodes;
using Slipway.Api.Replies;
using Slipway.Model.Failures;

namespace Slipway.Api.Content.Protobuf;

/// <summary>
/// The envelope in which Kubernetes clients send built-in kinds: a magic number, the type, and the kind's own message.
/// </summary>
internal static class ProtobufManifest
{
    private const int TypeField = 1;
    private const int RawField = 2;

    private static ReadOnlySpan<byte> Magic => [0x6b, 0x38, 0x73, 0x00];

    public static Outcome<Manifest> Read(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.StartsWith(Magic))
        {
            return Failures.BadRequest("the body is not a Kubernetes protobuf message: it does not begin with k8s\\0");
        }

        try
        {
            return Open(body.Span[Magic.Length..]);
        }
        catch (FormatException broken)
        {
            return Failures.BadRequest($"the body is not a valid protobuf message: {broken.Message}");
        }
    }

    private static Outcome<Manifest> Open(ReadOnlySpan<byte> envelope)
    {
        var (apiVersion, kind) = ("", "");
        ReadOnlySpan<byte> raw = default;
        var reader = new ProtobufReader(envelope);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case TypeField:
                    (apiVersion, kind) = Type(reader.Content);
                    break;
                case RawField:
                    raw = reader.Content;
                    break;
            }
        }

        if (KindMessages.Find(kind) is not { } shape)
        {
            return Failures.UnsupportedMediaType($"application/json (there is no protobuf form of {apiVersion} {kind} here)");
        }

        var message = MessageDecoder.Decode(shape, raw);
        var tree = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
        foreach (var (name, value) in message.ToList())
        {
            message.Remove(name);
            tree[name] = value;
        }

        return new Manifest(tree, []);
    }

    private static (string ApiVersion, string Kind) Type(ReadOnlySpan<byte> message)
    {
        var (apiVersion, kind) = ("", "");
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    apiVersion = reader.Text;
                    break;
                case 2:
                    kind = reader.Text;
                    break;
            }
        }

        return (apiVersion, kind);
    }
}
