using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Sdk.Documents;

/// <summary>Endpoints that still answer but will go: their callers hear when, and what to call instead (RFC 9745, RFC 8594).</summary>
public static class DeprecatedEndpoints
{
    /// <summary>What callers are promised between the announcement and the end.</summary>
    private const int NoticeDays = 180;

    /// <param name="since">The day it was announced.</param>
    /// <param name="sunset">The day from which it may be gone; at least 180 days after the announcement.</param>
    /// <param name="successorLink">What to call instead, such as <c>/api/v2/products/{id}</c>; the call's own route values are filled in.</param>
    public static TBuilder Deprecated<TBuilder>(this TBuilder endpoint, DateOnly since, DateOnly sunset, string successorLink)
        where TBuilder : IEndpointConventionBuilder =>
        Declare(endpoint, new Deprecation(since, sunset, successorLink), request => Filled(successorLink, request.RouteValues));

    /// <summary>For a whole group, whose calls have a successor each.</summary>
    public static TBuilder Deprecated<TBuilder>(this TBuilder endpoint, DateOnly since, DateOnly sunset, Func<HttpRequest, string> successorLink)
        where TBuilder : IEndpointConventionBuilder => Declare(endpoint, new Deprecation(since, sunset, null), successorLink);

    /// <summary>
    /// A group at an address that older clients know, for the same endpoints as at <paramref name="successor"/>: it is not described again,
    /// leaves the endpoints' names, which only one of the two can have, to its successor, and says that it will go.
    /// </summary>
    public static RouteGroupBuilder MapFormerAddress(this IEndpointRouteBuilder app, string former, string successor, DateOnly since, DateOnly sunset)
    {
        var group = app.MapGroup(former).ExcludeFromDescription()
            .Deprecated(since, sunset, request => $"{successor}{request.Path.Value![former.Length..]}");
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            foreach (var name in endpoint.Metadata.OfType<IEndpointNameMetadata>().ToList())
            {
                endpoint.Metadata.Remove(name);
            }
        });
        return group;
    }

    /// <summary>For a part of a call that will go, such as a parameter, while the endpoint stays; to be said before the answer begins.</summary>
    public static void TellDeprecated(this HttpContext http, DateOnly since, DateOnly sunset, string successorLink) =>
        Tell(http, Checked(new Deprecation(since, sunset, null)), successorLink);

    private static TBuilder Declare<TBuilder>(TBuilder endpoint, Deprecation deprecation, Func<HttpRequest, string> successor)
        where TBuilder : IEndpointConventionBuilder
    {
        Checked(deprecation);
        endpoint.Add(builder =>
        {
            builder.Metadata.Add(deprecation);
            var answer = builder.RequestDelegate ?? throw new InvalidOperationException($"{builder.DisplayName} answers nothing that could be deprecated.");
            builder.RequestDelegate = http =>
            {
                Tell(http, deprecation, successor(http.Request));
                return answer(http);
            };
        });
        return endpoint;
    }

    private static Deprecation Checked(Deprecation deprecation) => deprecation.Sunset >= deprecation.Since.AddDays(NoticeDays)
        ? deprecation
        : throw new ArgumentException($"Callers have {NoticeDays} days between announcement and end; choose a later sunset than {deprecation.Sunset:O}.", nameof(deprecation));

    private static void Tell(HttpContext http, Deprecation deprecation, string successor)
    {
        var headers = http.Response.Headers;
        headers["Deprecation"] = deprecation.SinceHeader;
        headers["Sunset"] = deprecation.SunsetHeader;

        // Added last, since a list writes its own links while it answers.
        http.Response.OnStarting(() =>
        {
            headers.Append("Link", $"<{successor}>; rel=\"successor-version\"");
            return Task.CompletedTask;
        });
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unmatched";
        http.RequestServices.GetRequiredService<Meter>()
            .CreateCounter<long>("api.deprecated.requests", description: "Calls of endpoints that will go.")
            .Add(1, new KeyValuePair<string, object?>("http.route", route));
    }

    private static string Filled(string link, RouteValueDictionary values)
    {
        foreach (var (name, value) in values)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            link = link.Replace("{" + name + "}", Uri.EscapeDataString(text), StringComparison.OrdinalIgnoreCase);
        }

        return link;
    }
}

/// <summary>When an operation was announced to go, when it may be gone, and what comes after it where that is one address.</summary>
internal sealed class Deprecation(DateOnly since, DateOnly sunset, string? successor)
{
    public DateOnly Since => since;

    public DateOnly Sunset => sunset;

    public string? Successor => successor;

    public string SinceHeader { get; } = string.Create(CultureInfo.InvariantCulture, $"@{Start(since).ToUnixTimeSeconds()}");

    public string SunsetHeader { get; } = Start(sunset).ToString("R", CultureInfo.InvariantCulture);

    private static DateTimeOffset Start(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
