namespace Slipway.Gateway.Messages;

/// <summary>Where one field stands inside the bytes of its head. Offsets, not text: nothing is allocated to read a message.</summary>
internal struct HeaderField
{
    public int NameStart;
    public int NameLength;
    public int ValueStart;
    public int ValueLength;
    public FieldKind Kind;

    /// <summary>First byte of the whole line; its end is <see cref="ValueEnd"/> and whatever blank stands before CRLF.</summary>
    public readonly int ValueEnd => ValueStart + ValueLength;
}

/// <summary>What the gateway does with a field. Everything it does not know is <see cref="Plain"/> and passes unchanged.</summary>
internal enum FieldKind : byte
{
    Plain,
    Host,
    Connection,
    ContentLength,
    TransferEncoding,
    Expect,
    Upgrade,
    RequestId,
    TraceParent,
    ForwardedFor,
    Cookie,
    SetCookie,
    CacheControl,
    ServerTiming,
    Te,

    /// <summary>Belongs to one hop, or is one the gateway alone may set: never passed on.</summary>
    Dropped,
}
