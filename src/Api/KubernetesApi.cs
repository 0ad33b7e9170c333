using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Api.Access;
using Slipway.Api.Admission;
using Slipway.Api.CloudRun;
using Slipway.Api.CloudRunJobs;
using Slipway.Api.Deletions;
using Slipway.Api.Discovery;
using Slipway.Api.Lists;
using Slipway.Api.Patching;
using Slipway.Api.Patching.Apply;
using Slipway.Api.Pods;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Reviews;
using Slipway.Api.Verbs;
using Slipway.Api.Watches;
using Slipway.Api.Writes;

namespace Slipway.Api;

/// <summary>The one entry point of this room.</summary>
public static class KubernetesApi
{
    /// <summary>
    /// Serves the whole API on every path that no more specific endpoint takes. Where a request goes from here is told in
    /// <see cref="Dispatcher"/>.
    /// </summary>
    public static IEndpointConventionBuilder MapKubernetesApi(this IEndpointRouteBuilder endpoints, ApiServices services)
    {
        var dispatcher = Compose(services);
        return endpoints.Map("/{**path}", dispatcher.HandleAsync).WithDisplayName("Kubernetes API");
    }

    /// <summary>The namespace <c>default</c> and its account exist from the start; call this once before serving.</summary>
    public static async Task<Model.Failures.Failure?> EnsureDefaultNamespaceAsync(Store.IResourceStore store, CancellationToken cancellation) =>
        await new NamespaceRules(store).EnsureAsync("default", cancellation).ConfigureAwait(false);

    private static Dispatcher Compose(ApiServices services)
    {
        var options = services.Options;
        var rules = new AccessRules(services.Access);
        var reader = new ManifestReader(options.BodyBytesMax);
        var writer = new ReplyWriter(services.Time);
        var gate = new AdmissionGate(services.Time);
        var namespaces = new NamespaceRules(services.Store);
        var objects = new ObjectWriter(services.Store, gate);
        var verbs = new ResourceVerbs(
            new GetVerb(services.Store),
            new ListVerb(services.Store, new PagedLists(options.PagedListsMax, options.PageLifetime, services.Time)),
            new WatchVerb(services, writer),
            new CreateVerb(services, reader, gate, namespaces),
            new UpdateVerb(reader, objects),
            new PatchVerb(reader, objects, new ApplyVerb(services, gate, objects, namespaces)),
            new DeleteVerb(services.Store, services.Recycler, reader),
            new PodLogs(services),
            new TokenRequests(services, reader));
        return new Dispatcher(
            services,
            new Authenticator(services.Access, services.Tokens, services.Store, services.Time),
            rules,
            new MetaEndpoints(options),
            verbs,
            [
                new SelfReviews(rules, options.BodyBytesMax),
                new CloudRunApi(
                    services,
                    rules,
                    new InvokerPolicies(services.Store, rules, objects, options.BodyBytesMax),
                    new LogEntries(services, rules)),
                new CloudRunJobsApi(services, rules, gate, objects, namespaces),
            ],
            writer);
    }
}
