using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Slipway.Api.Access;
using Slipway.Api.Platform.Containers;
using Slipway.Api.Platform.Databases;
using Slipway.Api.Platform.Deployments;
using Slipway.Api.Platform.Discovery;
using Slipway.Api.Platform.Images;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Platform.Services;
using Slipway.Api.Platform.Usage;

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
        var paging = new Paging(services.CursorKey);
        return [.. Containers(services, paging), .. Services(services, paging), .. Neighbours(services, paging)];
    }

    private static IEnumerable<Operation> Containers(PlatformServices services, Paging paging)
    {
        var book = new ContainerBook(services);
        var deployed = new ServiceBook(services);
        var writer = new DeploymentWriter(services.Api);
        var targets = new DeploymentTarget(services);
        var recycling = new RecycleContainer(book, services.Api.Recycler);
        var switches = new SwitchContainer(deployed, targets, writer);
        yield return new("GET", "containers", new ListContainers(book, paging).AnswerAsync);
        yield return new("POST", "containers", new CreateDeployment(deployed, writer).AnswerContainersAsync);
        yield return new("GET", "containers/{id}", new GetContainer(book).AnswerAsync);
        yield return new("PUT", "containers/{id}", new ChangeContainer(deployed, targets, writer).AnswerAsync);
        yield return new("DELETE", "containers/{id}", recycling.DeleteAsync);
        yield return new("POST", "containers/{id}/start", switches.StartAsync);
        yield return new("POST", "containers/{id}/stop", switches.StopAsync);
        yield return new("POST", "containers/{id}/restart", recycling.RestartAsync);
        yield return new("PUT", "containers/{id}/scale", new ScaleContainer(deployed, targets, writer).AnswerAsync);
        yield return new("GET", "containers/{id}/logs", new ContainerLogs(book, services.Api).AnswerAsync);
        yield return new("GET", "containers/{id}/metrics", new ContainerMetrics(book, services.Usage, new LedgerPages(paging)).AnswerAsync);
    }

    private static IEnumerable<Operation> Services(PlatformServices services, Paging paging)
    {
        var book = new ServiceBook(services);
        var writer = new DeploymentWriter(services.Api);
        yield return new("GET", "services", new ListServices(book, paging).AnswerAsync);
        yield return new("POST", "services", new CreateDeployment(book, writer).AnswerServicesAsync);
        yield return new("GET", "services/{name}", new GetService(book).AnswerAsync);
        yield return new("PUT", "services/{name}", new ReplaceService(book, writer).AnswerAsync);
        yield return new("DELETE", "services/{name}", new DeleteService(services.Api.Store).AnswerAsync);
        yield return new("GET", "services/{name}/decisions", new ListDecisions(services, paging).AnswerAsync);
        yield return new("GET", "services/{name}/starts", new ListStarts(services, paging).AnswerAsync);
    }

    private static IEnumerable<Operation> Neighbours(PlatformServices services, Paging paging)
    {
        var archive = new ArchiveOperations(services.Archive);
        yield return new("GET", "databases/archive", archive.GetAsync);
        yield return new("POST", "databases/recoveries", archive.RecoverAsync);
        yield return new("DELETE", "databases/recoveries/{id}", archive.DiscardAsync);
        var images = new ImageOperations(new ImageBook(services), services.Images, paging, services.RegistryAddress);
        yield return new("GET", "images", images.ListAsync);
        yield return new("POST", "images", images.PushAsync);
        yield return new("GET", "images/{*repository}", images.GetAsync);
        yield return new("DELETE", "images/{*repository}", images.DeleteAsync);
        yield return new("GET", "registry/services/{name}/instances", new ListInstances(services, paging).AnswerAsync);
        yield return new("GET", "registry/map", new ServiceMap(services).AnswerAsync);
        yield return new("GET", "usage", new ListUsage(services.Usage, new LedgerPages(paging)).AnswerAsync);
        yield return new("GET", "metrics", new ListMetrics(services.Usage, new LedgerPages(paging)).AnswerAsync);
    }

    private sealed class BesideKubernetes : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            values[routeKey] is string collection && !(collection.Length > 1 && collection[0] == 'v' && char.IsAsciiDigit(collection[1]));
    }
}
