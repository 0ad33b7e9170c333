using System.Net;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Admission;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Listening;

/// <summary>What every connection shares.</summary>
internal sealed class GatewayCore
{
    public required GatewaySettings Settings { get; init; }

    public required RouteTable Routes { get; init; }

    public required TrafficBook Book { get; init; }

    public required MeterBook Meters { get; init; }

    public required Dice Dice { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    public required AccessLog AccessLog { get; init; }

    public required SpanRing Spans { get; init; }

    public required Choosing.Decider Decider { get; init; }

    public Func<string?, System.Security.Cryptography.X509Certificates.X509Certificate2?>? Certificate { get; init; }

    public GatewayLimits Limits => Settings.Limits;

    /// <summary>Set when the gateway drains: answers then carry <c>Connection: close</c>.</summary>
    public bool Stopping { get => Volatile.Read(ref _stopping); set => Volatile.Write(ref _stopping, value); }

    private bool _stopping;

    public long Now => Time.GetTimestamp();

    public long After(TimeSpan span) => Time.GetTimestamp() + (long)(span.TotalSeconds * Time.TimestampFrequency);

    public double SecondsSince(long timestamp) => Time.GetElapsedTime(timestamp).TotalSeconds;

    /// <summary>Everything that remembers a finished request. Once per request.</summary>
    /// <param name="meter">Of its service; null when none was found.</param>
    public void Record(in RequestRecord record, ServiceMeter? meter)
    {
        AccessLog.Add(record);
        if (record.Refusal is not null || record.Attempts > 1 || record.QueueSeconds > 0)
        {
            (meter ?? Meters.Unrouted).Tell(record);
        }

        if (!record.SpanId.IsEmpty)
        {
            Spans.Add(record);
        }
    }

    public bool IsInternal(IPAddress? address) => IsWithin(address, Settings.InternalNetworks);

    /// <summary>Who calls: the peer, unless it is a proxy we trust, which appends the address it saw to X-Forwarded-For.</summary>
    public IPAddress? CallerOf(IPAddress? peer, string? forwardedFor)
    {
        if (forwardedFor is null || !IsWithin(peer, Settings.TrustedProxies))
        {
            return peer;
        }

        var entries = forwardedFor.Split(',', StringSplitOptions.TrimEntries);
        for (var index = entries.Length - 1; index >= 0; index--)
        {
            if (!IPAddress.TryParse(entries[index], out var address))
            {
                break;
            }

            if (!IsWithin(address, Settings.TrustedProxies))
            {
                return address;
            }
        }

        return peer;
    }

    private static bool IsWithin(IPAddress? address, IReadOnlyList<IPNetwork> networks)
    {
        if (address is null)
        {
            return false;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
