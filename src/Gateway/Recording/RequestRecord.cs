using System.Net;

namespace Slipway.Gateway.Recording;

/// <summary>One finished request, told once, while its head is still at hand.</summary>
internal readonly ref struct RequestRecord
{
    public required ReadOnlySpan<byte> Method { get; init; }

    public required ReadOnlySpan<byte> Host { get; init; }

    /// <summary>Without the query: it may carry secrets.</summary>
    public required ReadOnlySpan<byte> Path { get; init; }

    public required ReadOnlySpan<byte> RequestId { get; init; }

    public required ReadOnlySpan<byte> TraceId { get; init; }

    /// <summary>The gateway's own; empty when no span is to be recorded.</summary>
    public ReadOnlySpan<byte> SpanId { get; init; }

    /// <summary>Empty when the trace begins here.</summary>
    public ReadOnlySpan<byte> ParentSpanId { get; init; }

    public required string Protocol { get; init; }

    public required int Status { get; init; }

    public bool Secure { get; init; }

    public string? Namespace { get; init; }

    public string? Service { get; init; }

    public string? Revision { get; init; }

    public string? Instance { get; init; }

    /// <summary>Code of the refusal when the gateway itself answered.</summary>
    public string? Refusal { get; init; }

    public required double Seconds { get; init; }

    public double QueueSeconds { get; init; }

    /// <summary>The wait was for an instance to start.</summary>
    public bool ColdStart { get; init; }

    public long IngressBytes { get; init; }

    public long EgressBytes { get; init; }

    public IPAddress? Peer { get; init; }

    public int Attempts { get; init; }
}
