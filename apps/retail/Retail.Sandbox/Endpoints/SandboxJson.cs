using System.Text.Json.Serialization;

namespace Retail.Sandbox.Endpoints;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TokenBody))]
internal sealed partial class SandboxJson : JsonSerializerContext;
