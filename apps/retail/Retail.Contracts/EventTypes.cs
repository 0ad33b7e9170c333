namespace Retail.Contracts;

/// <summary>What may happen in the shop. The names of the product's document follow after the common beginning.</summary>
public static class EventTypes
{
    public const string UserCreated = "slipway.retail.user.created.v1";
    public const string UserUpdated = "slipway.retail.user.updated.v1";
    public const string UserDeleted = "slipway.retail.user.deleted.v1";

    public const string ProductCreated = "slipway.retail.product.created.v1";
    public const string ProductUpdated = "slipway.retail.product.updated.v1";
    public const string ProductDeleted = "slipway.retail.product.deleted.v1";

    public const string InventoryUpdated = "slipway.retail.inventory.updated.v1";
    public const string InventoryLowStock = "slipway.retail.inventory.low_stock.v1";
    public const string InventoryReserved = "slipway.retail.inventory.reserved.v1";
    public const string InventoryReservationFailed = "slipway.retail.inventory.reservation_failed.v1";
    public const string InventoryReleased = "slipway.retail.inventory.released.v1";
    public const string InventoryCommitted = "slipway.retail.inventory.committed.v1";

    public const string OrderCreated = "slipway.retail.order.created.v1";
    public const string OrderPaymentRequested = "slipway.retail.order.payment_requested.v1";
    public const string OrderConfirmed = "slipway.retail.order.confirmed.v1";
    public const string OrderUpdated = "slipway.retail.order.updated.v1";
    public const string OrderCancelled = "slipway.retail.order.cancelled.v1";
    public const string OrderReturnRequested = "slipway.retail.order.return_requested.v1";

    public const string PaymentAuthorized = "slipway.retail.payment.authorized.v1";
    public const string PaymentActionRequired = "slipway.retail.payment.action_required.v1";
    public const string PaymentCompleted = "slipway.retail.payment.completed.v1";
    public const string PaymentFailed = "slipway.retail.payment.failed.v1";
    public const string PaymentVoided = "slipway.retail.payment.voided.v1";
    public const string PaymentRefunded = "slipway.retail.payment.refunded.v1";
}
