using System.Text.Json;
using System.Text.Json.Serialization;

namespace Retail.Contracts;

/// <summary>The payloads as JSON. Members that a newer producer adds are passed over.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProductChanged))]
[JsonSerializable(typeof(ProductDeleted))]
[JsonSerializable(typeof(StockChanged))]
[JsonSerializable(typeof(StockLow))]
[JsonSerializable(typeof(StockReserved))]
[JsonSerializable(typeof(ReservationFailed))]
[JsonSerializable(typeof(StockReleased))]
[JsonSerializable(typeof(StockCommitted))]
[JsonSerializable(typeof(OrderCreated))]
[JsonSerializable(typeof(OrderPaymentRequested))]
[JsonSerializable(typeof(OrderConfirmed))]
[JsonSerializable(typeof(OrderUpdated))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSerializable(typeof(OrderReturnRequested))]
[JsonSerializable(typeof(PaymentAuthorized))]
[JsonSerializable(typeof(PaymentActionRequired))]
[JsonSerializable(typeof(PaymentCompleted))]
[JsonSerializable(typeof(PaymentFailed))]
[JsonSerializable(typeof(PaymentVoided))]
[JsonSerializable(typeof(PaymentRefunded))]
[JsonSerializable(typeof(UserChanged))]
[JsonSerializable(typeof(UserDeleted))]
public sealed partial class ContractsJson : JsonSerializerContext;
