using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Limits;

/// <summary>Counts calls against their limits, tells what is left, and refuses those beyond with 429.</summary>
internal sealed class LimitGate(RequestDelegate next, LimitBook limits)
{
    private const string QuotaExceeded = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    public Task InvokeAsync(HttpContext http)
    {
        var named = limits.Off ? null : http.GetEndpoint()?.Metadata.GetOrderedMetadata<LimitedBy>();
        if (named is null || http.GetEndpoint() is not RouteEndpoint)
        {
            return next(http);
        }

        var policies = named.Count == 0 ? [LimitedEndpoints.Default] : named.Select(limited => limited.Limit).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var policy in policies)
        {
            var limit = limits.Find(policy);
            var permit = limits.Take(limit, PartitionOf(http, limit.By));
            Tell(http.Response.Headers, limit, permit);
            if (!permit.Granted)
            {
                return ProblemResults.WriteAsync(http, Refusal(limit, permit));
            }
        }

        return next(http);
    }

    /// <exception cref="ServiceMistakeException">An endpoint names a limit that was never declared.</exception>
    public static void Check(IEnumerable<Endpoint> endpoints, LimitBook limits)
    {
        foreach (var endpoint in endpoints)
        {
            foreach (var limited in endpoint.Metadata.GetOrderedMetadata<LimitedBy>())
            {
                if (!limits.Has(limited.Limit))
                {
                    throw new ServiceMistakeException($"{endpoint.DisplayName} is under the limit {limited.Limit}, which the service does not declare with Limit(name, permits, window, by).");
                }
            }
        }
    }

    internal static string NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        // A household has a /64 at least; counting single addresses would give each of them 2⁶⁴ buckets.
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }

    private static string PartitionOf(HttpContext http, LimitBy by) => by switch
    {
        LimitBy.Everybody => "",
        LimitBy.CallerOrNetwork when http.CallerOrNull() is { } caller => "caller " + caller.Subject,
        _ => "network " + NetworkOf(ClientAddress.Of(http)),
    };

    private static void Tell(IHeaderDictionary headers, Limit limit, Permit permit)
    {
        headers.Append("RateLimit-Policy", string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";q={limit.Permits};w={Seconds(limit.Window)}"));
        headers.Append("RateLimit", string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";r={permit.Remaining};t={Seconds(permit.Granted ? permit.UntilFull : permit.UntilNext)}"));
    }

    private static long Seconds(TimeSpan span) => (long)Math.Ceiling(span.TotalSeconds);

    public static Problem Refusal(Limit limit, Permit permit) =>
        new(429, "tooManyRequests", "Too many calls", $"The limit {limit.Name} allows {limit.Permits} calls in {Seconds(limit.Window)} s. Wait and call again.")
        {
            RetryAfter = permit.UntilNext,
            Args = new JsonObject { ["limit"] = limit.Name, ["permits"] = limit.Permits, ["windowSeconds"] = Seconds(limit.Window) },
            Members = new JsonObject { ["type"] = QuotaExceeded, ["violated-policies"] = new JsonArray(limit.Name) },
        };
}
