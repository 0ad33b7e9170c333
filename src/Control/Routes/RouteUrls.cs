using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Routes;

/// <summary>The addresses of one Route: from outside, unless it is cluster-local, and from inside.</summary>
internal static class RouteUrls
{
    public static bool IsLocal(Resource route) => route.Metadata.Label(ServingNames.Visibility) == ServingNames.ClusterLocal;

    public static string Of(Resource route, IngressSettings ingress) =>
        IsLocal(route) ? Inside(route) : ingress.UrlOf(ingress.HostOf(route.Namespace, route.Name));

    public static string OfTag(Resource route, string tag, IngressSettings ingress) =>
        IsLocal(route)
            ? $"http://{tag}-{route.Name}.{route.Namespace}.svc.cluster.local"
            : ingress.UrlOf(ingress.TagHostOf(route.Namespace, route.Name, tag));

    public static string Inside(Resource route) => $"http://{route.Name}.{route.Namespace}.svc.cluster.local";
}
