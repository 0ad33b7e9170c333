using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Slipway.Api.Access;
using Slipway.Api.Platform.Containers;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Platform.Services;

namespace Slipway.Api.Platform;

/// <summary>The one entry point of the platform's plain REST resources: <c>/api/containers</c>, <c>/api/services</c> and their neighbours.</summary>
public static class PlatformApi
{
    /// <summary>
    /// Serves every path below <c>/api/</c> that is not a version of the Kubernetes API, and answers the unknown ones
    /// with a problem document. May be mapped before or after that API.
    /// </summary>
    public static IEndpointConventionBuilder MapPlatformApi(this IEndpointRouteBuilder endpoints, PlatformServices services)
    {
        var pattern = RoutePatternFactory.Parse(
            "/api/{collection}/{**rest}", defaults: null, parameterPolicies: new RouteValueDictionary { ["collection"] = new BesideKubernetes() });
        var dispatcher = new PlatformDispatcher(
            new Authenticator(services.Api.Access, services.Api.Tokens, services.Api.Store, services.Api.Time),
            new AccessRules(services.Api.Access),
            new OperationTable(Operations(services)),
            services.Api);
        return endpoints.Map(pattern, dispatcher.HandleAsync).WithDisplayName("Platform API");
    }

    private static IEnumerable<Operation> Operations(PlatformServices services)
    {
        var containers = new ContainerBook(services);
        var paging = new Paging(services.CursorKey);
        yield return new("GET", "containers", new ListContainers(containers, paging).AnswerAsync);
        yield return new("GET", "containers/{id}", new GetContainer(containers).AnswerAsync);

        var book = new ServiceBook(services);
        yield return new("GET", "services", new ListServices(book, paging).AnswerAsync);
        yield return new("GET", "services/{name}", new GetService(book).AnswerAsync);
        yield return new("GET", "services/{name}/decisions", new ListDecisions(services, paging).AnswerAsync);
    }

    private sealed class BesideKubernetes : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            values[routeKey] is string collection && !(collection.Length > 1 && collection[0] == 'v' && char.IsAsciiDigit(collection[1]));
    }
}
