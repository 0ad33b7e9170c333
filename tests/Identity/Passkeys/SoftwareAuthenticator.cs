using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.Passkeys;

/// <summary>A device with one passkey, speaking WebAuthn as far as this service asks: ES256, no attestation, the person always verified.</summary>
internal sealed class SoftwareAuthenticator(string origin, string domain) : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte WithCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string _userHandle = "";

    public uint Counter { get; set; }

    public bool Verifies { get; set; } = true;

    public string Origin { get; set; } = origin;

    public JsonObject Create(JsonObject options)
    {
        _userHandle = options["user"]!["id"]!.GetValue<string>();
        var client = ClientData("webauthn.create", options);
        var attestation = new List<byte> { 0xa3 };
        Text(attestation, "fmt");
        Text(attestation, "none");
        Text(attestation, "attStmt");
        attestation.Add(0xa0);
        Text(attestation, "authData");
        Bytes(attestation, [.. AuthenticatorData(WithCredential), .. new byte[16], 0, (byte)_id.Length, .. _id, .. PublicKey()]);
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["attestationObject"] = Base64Url.EncodeToString([.. attestation]),
            ["transports"] = new JsonArray("internal"),
        });
    }

    public JsonObject Get(JsonObject options)
    {
        Counter++;
        var client = ClientData("webauthn.get", options);
        var data = AuthenticatorData(0);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString(signature),
            ["userHandle"] = _userHandle,
        });
    }

    public void Dispose() => _key.Dispose();

    private byte[] ClientData(string type, JsonObject options) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = type,
        ["challenge"] = options["challenge"]!.GetValue<string>(),
        ["origin"] = Origin,
        ["crossOrigin"] = false,
    }.ToJsonString());

    private byte[] AuthenticatorData(byte flags)
    {
        var data = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(domain)).CopyTo(data, 0);
        data[32] = (byte)(flags | UserPresent | (Verifies ? UserVerified : 0));
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(33), Counter);
        return data;
    }

    /// <summary>COSE: key type 2 (EC2), algorithm -7 (ES256), curve 1 (P-256), x and y.</summary>
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(false).Q;
        var key = new List<byte> { 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21 };
        Bytes(key, point.X!);
        key.Add(0x22);
        Bytes(key, point.Y!);
        return [.. key];
    }

    private JsonObject Credential(JsonObject response) => new()
    {
        ["id"] = Base64Url.EncodeToString(_id),
        ["rawId"] = Base64Url.EncodeToString(_id),
        ["type"] = "public-key",
        ["authenticatorAttachment"] = "platform",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    };

    private static void Text(List<byte> cbor, string text)
    {
        cbor.Add((byte)(0x60 | text.Length));
        cbor.AddRange(Encoding.ASCII.GetBytes(text));
    }

    private static void Bytes(List<byte> cbor, byte[] bytes)
    {
        if (bytes.Length < 256)
        {
            cbor.AddRange([0x58, (byte)bytes.Length]);
        }
        else
        {
            cbor.AddRange([0x59, (byte)(bytes.Length >> 8), (byte)bytes.Length]);
        }

        cbor.AddRange(bytes);
    }
}
