using System.Text.Json.Serialization;

namespace Todo.Insights.Wire;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(InsightsRequest))]
[JsonSerializable(typeof(InsightsReply))]
[JsonSerializable(typeof(ParseRequest))]
[JsonSerializable(typeof(ParsedLine))]
internal sealed partial class InsightsJson : JsonSerializerContext;
