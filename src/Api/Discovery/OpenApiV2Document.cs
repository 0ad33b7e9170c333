using System.Text;
using Slipway.Api.Replies;

namespace Slipway.Api.Discovery;

/// <summary>
/// The smallest OpenAPI v2 document that old clients accept. They ask for it in protobuf only, and need nothing from it
/// but that it can be read: validation is the server's business.
/// </summary>
internal static class OpenApiV2Document
{
    // The type a client asks for contains an "@", which Go's media type parser refuses when it is echoed.
    private const string ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    public static Reply Answer { get; } = new Reply.Bytes(Build(), ContentType);

    private static byte[] Build()
    {
        var info = Field(1, Encoding.UTF8.GetBytes("Slipway")).Concat(Field(2, Encoding.UTF8.GetBytes("v1"))).ToArray();
        return [.. Field(1, Encoding.UTF8.GetBytes("2.0")), .. Field(2, info), .. Field(8, []), .. Field(9, [])];
    }

    /// <summary>A length-delimited field; every part of this document is shorter than 128 bytes.</summary>
    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];
}
