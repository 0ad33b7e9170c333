namespace Slipway.Store;

/// <summary>Nothing in the store grows without end; these are the ends.</summary>
internal static class StoreBounds
{
    /// <summary>Writes that may wait for the lane. One more is refused with <c>store-busy</c>.</summary>
    public const int WritesWaiting = 4_096;

    /// <summary>Writes per transaction: enough to make the cost of a commit disappear, few enough to stay quick.</summary>
    public const int WritesPerBatch = 512;

    public const int BytesPerBatch = 8 * 1024 * 1024;

    /// <summary>Metadata and body of one object, as in etcd.</summary>
    public const int ObjectBytes = 1_536 * 1024;

    public const int Objects = 200_000;

    public const int Watches = 10_000;

    /// <summary>How long a start waits for a killed predecessor's session to disappear.</summary>
    public static readonly TimeSpan LockWait = TimeSpan.FromSeconds(5);
}
