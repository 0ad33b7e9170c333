using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests;

/// <summary>A token taken apart, without believing it.</summary>
internal sealed record Jwt(JsonObject Header, JsonObject Claims, string Signature)
{
    public static Jwt Read(string token)
    {
        var parts = token.Split('.');
        Assert.Equal(3, parts.Length);
        return new Jwt(Json(parts[0]), Json(parts[1]), parts[2]);
    }

    public static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    public string Kid => Header["kid"]!.GetValue<string>();

    private static JsonObject Json(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();
}
