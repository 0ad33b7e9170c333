using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Platform.Services;
using Slipway.Model;
using Slipway.Model.Resources;

namespace Slipway.Api.Platform.Discovery;

internal sealed record ServiceMapView(
    IReadOnlyList<MappedServiceView> Services, IReadOnlyList<MappedNodeView> Entrances, IReadOnlyList<MappedNodeView> Databases, IReadOnlyList<ConnectionView> Connections);

internal sealed record MappedServiceView(
    string Id, string Name, string Namespace, string Health, string? Url, string? Endpoint, IReadOnlyList<RegisteredInstanceView> Instances);

/// <param name="Kind"><c>host</c>, <c>service</c> or <c>database</c>.</param>
internal sealed record MappedNodeView(string Kind, string Namespace, string Name);

/// <param name="By">The resource that says so, as <c>kind/name</c>.</param>
internal sealed record ConnectionView(MappedNodeView From, MappedNodeView To, string By);

/// <summary>
/// <c>GET /api/registry/map</c>: which services exist, where their instances are, and what leads where: hosts to services
/// by routes, services to databases.
/// </summary>
internal sealed class ServiceMap(PlatformServices services)
{
    /// <summary>A larger map is not drawn; the caller narrows it to a namespace.</summary>
    private const int ServicesMax = 2000;

    private const string Host = "host";
    private const string Service = "service";
    private const string Database = "database";

    private readonly ServiceBook _book = new(services);

    public Task<Answer> AnswerAsync(PlatformRequest request) => Task.FromResult(Answer(request));

    private Answer Answer(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var @namespace = query.Namespace();
        if (query.Finish() is { } wrong)
        {
            return wrong;
        }

        if (!request.May("list", PlatformResource.Services, @namespace ?? ""))
        {
            return Problem.Forbidden(request.Caller.User, "list", "services", @namespace);
        }

        var all = _book.All(@namespace);
        if (all.Count > ServicesMax)
        {
            return Problem.Invalid("The map is too large to draw.", [ProblemError.AtParameter("namespace", "required", $"There are {all.Count} services; name one namespace with at most {ServicesMax}.")]);
        }

        var picture = _book.Look(@namespace);
        var databases = services.Api.Store.List(Kinds.Database, @namespace).Items;
        var connections = Own(all).Concat(Routed(@namespace)).Concat(Stored(databases)).Distinct().ToList();
        return Answers.Answer.Of(
            new ServiceMapView(
                [.. all.Select(service => Show(service, picture))],
                [.. connections.Select(connection => connection.From).Where(node => node.Kind == Host).Distinct()],
                [.. databases.Select(database => new MappedNodeView(Database, database.Namespace, database.Name))],
                connections),
            PlatformJson.Default.ServiceMapView);
    }

    private MappedServiceView Show(Resource service, ServiceBook.Picture picture)
    {
        var status = service.Read("status", KindsJson.Default.ServiceStatus);
        return new MappedServiceView(
            service.Uid, service.Name, service.Namespace, picture.HealthOf(service, status), status?.Url, status?.Address?.Url,
            RegisteredInstances.Of(services, picture, service));
    }

    /// <summary>Every service has a host of its own once it is routed.</summary>
    private static IEnumerable<ConnectionView> Own(IEnumerable<Resource> all)
    {
        foreach (var service in all)
        {
            if (Uri.TryCreate(service.Read("status", KindsJson.Default.ServiceStatus)?.Url, UriKind.Absolute, out var url))
            {
                yield return new ConnectionView(
                    new MappedNodeView(Host, service.Namespace, url.Authority), new MappedNodeView(Service, service.Namespace, service.Name), $"Route/{service.Name}");
            }
        }
    }

    private IEnumerable<ConnectionView> Routed(string? @namespace)
    {
        foreach (var route in services.Api.Store.List(Kinds.HttpRoute, @namespace).Items)
        {
            var spec = route.Read("spec", KindsJson.Default.HttpRouteSpec);
            var hosts = spec?.Hostnames is { Count: > 0 } named ? named : ["*"];
            var backends = (spec?.Rules ?? []).SelectMany(rule => rule.BackendRefs ?? []).ToList();
            foreach (var (host, backend) in hosts.SelectMany(host => backends.Select(backend => (host, backend))))
            {
                yield return new ConnectionView(
                    new MappedNodeView(Host, route.Namespace, host), new MappedNodeView(Service, backend.Namespace ?? route.Namespace, backend.Name), $"HTTPRoute/{route.Name}");
            }
        }
    }

    private static IEnumerable<ConnectionView> Stored(IEnumerable<Resource> databases)
    {
        foreach (var database in databases)
        {
            foreach (var user in database.Read("spec", KindsJson.Default.DatabaseSpec)?.Services ?? [])
            {
                yield return new ConnectionView(
                    new MappedNodeView(Service, database.Namespace, user), new MappedNodeView(Database, database.Namespace, database.Name), $"Database/{database.Name}");
            }
        }
    }
}
