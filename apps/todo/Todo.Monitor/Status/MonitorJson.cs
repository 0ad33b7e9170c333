using System.Text.Json.Serialization;

namespace Todo.Monitor.Status;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(CheckReply))]
[JsonSerializable(typeof(HistoryReply))]
internal sealed partial class MonitorJson : JsonSerializerContext;
