using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Slipway.Gateway.Recording;

/// <summary>
/// The gateway's own part in the trace of one request: from the first byte of its head to the last of its answer. It holds its
/// bytes itself, so that recording a request allocates nothing.
/// </summary>
public struct RequestSpan
{
    private const int TraceIdLength = 32;
    private const int SpanIdLength = 16;
    private const int PathMax = 192;

    private Ids _ids;
    private PathBytes _path;
    private byte _pathLength;
    private bool _hasParent;

    /// <summary>32 hexadecimal digits.</summary>
    public readonly string TraceId => Encoding.ASCII.GetString(TraceIdBytes);

    /// <summary>16 hexadecimal digits; the instance was told this one as its parent.</summary>
    public readonly string SpanId => Encoding.ASCII.GetString(IdBytes.Slice(TraceIdLength, SpanIdLength));

    /// <summary>What the client sent; null when the trace begins here.</summary>
    public readonly string? ParentSpanId => _hasParent ? Encoding.ASCII.GetString(IdBytes[(TraceIdLength + SpanIdLength)..]) : null;

    /// <summary>As sent, without the query and at most 192 bytes of it.</summary>
    public readonly string Path => Encoding.Latin1.GetString(((ReadOnlySpan<byte>)_path)[.._pathLength]);

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public long Start { get; private set; }

    public long End { get; private set; }

    /// <summary>One of the methods everybody knows, else <c>_OTHER</c>.</summary>
    public string Method { get; private set; }

    /// <summary><c>HTTP/1.0</c>, <c>HTTP/1.1</c> or <c>HTTP/2</c>.</summary>
    public string Protocol { get; private set; }

    public bool Secure { get; private set; }

    /// <summary>499 when the client left before it was answered.</summary>
    public int Status { get; private set; }

    /// <summary>Of the service; null with all that follow when none was found for the request.</summary>
    public string? Namespace { get; private set; }

    public string? Service { get; private set; }

    public string? Revision { get; private set; }

    public string? Instance { get; private set; }

    /// <summary>Code of the refusal when the gateway answered itself.</summary>
    public string? Refusal { get; private set; }

    /// <summary>How long the request waited for a place in an instance.</summary>
    public double QueueSeconds { get; private set; }

    /// <summary>It waited for an instance to start or to thaw.</summary>
    public bool ColdStart { get; private set; }

    /// <summary>How often it was handed to an instance; more than one means that it was tried again.</summary>
    public int Attempts { get; private set; }

    public long RequestBytes { get; private set; }

    public long ResponseBytes { get; private set; }

    public IPAddress? Peer { get; private set; }

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> IdBytes => _ids;

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> TraceIdBytes => IdBytes[..TraceIdLength];

    internal void Fill(in RequestRecord record, DateTimeOffset now)
    {
        Span<byte> ids = _ids;
        record.TraceId.CopyTo(ids);
        record.SpanId.CopyTo(ids[TraceIdLength..]);
        record.ParentSpanId.CopyTo(ids[(TraceIdLength + SpanIdLength)..]);
        _hasParent = !record.ParentSpanId.IsEmpty;
        var path = record.Path.Length > PathMax ? record.Path[..PathMax] : record.Path;
        path.CopyTo(_path);
        _pathLength = (byte)path.Length;
        End = (now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;
        Start = End - (long)(record.Seconds * 1e9);
        Method = NameOf(record.Method);
        Protocol = record.Protocol;
        Secure = record.Secure;
        Status = record.Status;
        Namespace = record.Namespace;
        Service = record.Service;
        Revision = record.Revision;
        Instance = record.Instance;
        Refusal = record.Refusal;
        QueueSeconds = record.QueueSeconds;
        ColdStart = record.ColdStart;
        Attempts = record.Attempts;
        RequestBytes = record.IngressBytes;
        ResponseBytes = record.EgressBytes;
        Peer = record.Peer;
    }

    private static string NameOf(ReadOnlySpan<byte> method) => method.Length switch
    {
        3 when method.SequenceEqual("GET"u8) => "GET",
        3 when method.SequenceEqual("PUT"u8) => "PUT",
        4 when method.SequenceEqual("POST"u8) => "POST",
        4 when method.SequenceEqual("HEAD"u8) => "HEAD",
        5 when method.SequenceEqual("PATCH"u8) => "PATCH",
        5 when method.SequenceEqual("TRACE"u8) => "TRACE",
        6 when method.SequenceEqual("DELETE"u8) => "DELETE",
        7 when method.SequenceEqual("OPTIONS"u8) => "OPTIONS",
        7 when method.SequenceEqual("CONNECT"u8) => "CONNECT",
        _ => "_OTHER",
    };

    [InlineArray(TraceIdLength + SpanIdLength + SpanIdLength)]
    private struct Ids
    {
        private byte _first;
    }

    [InlineArray(PathMax)]
    private struct PathBytes
    {
        private byte _first;
    }
}
