using System.Text.Json.Serialization;
using Slipway.Model.Resources;

namespace Slipway.Model;

/// <summary>The JSON of the metadata that every kind shares. Each family of kinds adds a context of its own.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(ObjectMeta))]
[JsonSerializable(typeof(Condition))]
[JsonSerializable(typeof(List<Condition>))]
public sealed partial class ModelJson : JsonSerializerContext;
