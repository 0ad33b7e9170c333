using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tests.Retries;

/// <summary>The body of the writes under test.</summary>
public sealed record Written(string Text, int? Stars);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Written))]
internal sealed partial class WrittenJson : JsonSerializerContext;
