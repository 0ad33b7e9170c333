using System.Text.Json.Serialization;
using Slipway.Control.Routes;

namespace Slipway.Control;

/// <summary>What the control plane keeps for itself in annotations. Times keep their fractions, unlike on the wire.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<Rollout>))]
internal sealed partial class ControlJson : JsonSerializerContext;
