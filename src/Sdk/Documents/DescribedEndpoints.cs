using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;

namespace Slipway.Sdk.Documents;

/// <summary>
/// Tells the service's document what strict reading keeps in code. Bodies and answers are told with the framework's own
/// <c>Accepts&lt;T&gt;</c> and <c>Produces&lt;T&gt;</c>.
/// </summary>
public static class DescribedEndpoints
{
    /// <summary>A query parameter of the endpoint.</summary>
    /// <param name="type">As in JSON Schema: string, integer, boolean.</param>
    public static TBuilder Takes<TBuilder>(this TBuilder endpoint, string name, string description, string type = "string")
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new DescribedParameter(name, "query", description, type, Required: false)));
        return endpoint;
    }

    /// <summary>A request header of the endpoint.</summary>
    public static TBuilder TakesHeader<TBuilder>(this TBuilder endpoint, string name, string description, bool required = false)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new DescribedParameter(name, "header", description, "string", required)));
        return endpoint;
    }

    /// <summary>A body the endpoint takes, as people would send it.</summary>
    public static TBuilder Example<TBuilder>(this TBuilder endpoint, [StringSyntax(StringSyntaxAttribute.Json)] string body)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new BodyExample(body)));
        return endpoint;
    }

    /// <summary>The problems this endpoint in particular answers with, by the codes that the service explains.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params string[] codes)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new AnsweredProblems(codes)));
        return endpoint;
    }

    /// <summary>The parameters every list takes.</summary>
    public static TBuilder TakesPage<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint
            .Takes("limit", "How many items, 50 unless said otherwise; more than 200 is cut to 200.", "integer")
            .Takes("cursor", "Where to go on: page.next or page.prev of an earlier answer.")
            .Takes("sort", "The order, with a leading minus for descending.");
}

internal sealed record DescribedParameter(string Name, string In, string Description, string Type, bool Required);

internal sealed record BodyExample(string Json);

internal sealed record AnsweredProblems(IReadOnlyList<string> Codes);
