using System.Text.Json.Serialization;
using Retail.Orders.Projections;

namespace Retail.Orders.Endpoints;

/// <summary>Everything this service reads and writes over HTTP.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(CreateOrderBody))]
[JsonSerializable(typeof(OrderDocument))]
[JsonSerializable(typeof(OrderPage))]
[JsonSerializable(typeof(MoneyOrder))]
[JsonSerializable(typeof(MoneyOrderPage))]
[JsonSerializable(typeof(TimelineDocument))]
[JsonSerializable(typeof(TimelineEntry))]
[JsonSerializable(typeof(SagaDocument))]
[JsonSerializable(typeof(ReturnBody))]
[JsonSerializable(typeof(ReturnDocument))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(VendorLinePage))]
[JsonSerializable(typeof(SummaryDocument))]
[JsonSerializable(typeof(ReportList))]
[JsonSerializable(typeof(RebuildReport))]
internal sealed partial class OrdersJson : JsonSerializerContext;
