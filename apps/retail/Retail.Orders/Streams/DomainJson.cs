using System.Text.Json.Serialization;
using Retail.Orders.Ordering;
using Retail.Orders.Sagas;

namespace Retail.Orders.Streams;

/// <summary>What the service writes down for itself. The database keeps members in an order of its own.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(OrderEvent))]
[JsonSerializable(typeof(OrderState))]
[JsonSerializable(typeof(SagaState))]
[JsonSerializable(typeof(IReadOnlyList<OrderItem>))]
internal sealed partial class DomainJson : JsonSerializerContext;
